#!/bin/sh
# Installs the release beside this file, or upgrades to it, without any network. As root, on Debian 12 or newer (x86_64, glibc 2.36).
#
#   ./install.sh              install, or upgrade with a copy before and a roll-back when the new release does not come up
#   ./install.sh --verify     look whether what is installed is as it was built, and works
#   ./install.sh --no-start   install only: nothing is started or enabled
#
# Needs what every Debian has: sh, coreutils, tar, useradd, runuser. Exit codes: 0 done, 1 refused or rolled back, 2 it needs you.
set -eu

PREFIX=/opt/callcenter
HOME_DIR=/var/lib/callcenter
CONFIG_DIR=/etc/callcenter
CONFIG=$CONFIG_DIR/callcenter.toml
UNIT=/etc/systemd/system/callcenter.service
ACCOUNT=callcenter

say() { echo "install: $*"; }
fail() { echo "install: $*" >&2; exit 1; }

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

as_account() {
	runuser -u "$ACCOUNT" -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$HOME_DIR" LANG=C.UTF-8 \
		CALLCENTER_CONFIG="$CONFIG" "$@"
}

has_systemd() { [ -d /run/systemd/system ]; }

data_of() { # release: "private FOLDER" or "external FOLDER"
	(cd "$HOME_DIR" && as_account "$1/python/bin/python3" -sP "$1/verify.py" --data-dir)
}

server_pid() { # folder: the process that serves from it
	pid=$(cat "$1/server.pid" 2>/dev/null || true)
	if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then echo "$pid"; fi
}

stop_server() { # data folder
	if has_systemd; then systemctl stop callcenter || true; fi
	pid=$(server_pid "$1")
	[ -n "$pid" ] || return 0
	kill -TERM "$pid"
	waited=0
	while kill -0 "$pid" 2>/dev/null; do
		[ "$waited" -lt 60 ] || fail "process $pid does not end"
		sleep 1
		waited=$((waited + 1))
	done
}

start_server() {
	if has_systemd; then
		systemctl start callcenter
		return
	fi
	say "there is no systemd: the server is started beside this script, and nobody starts it again"
	(cd "$HOME_DIR" && ulimit -n 65536 2>/dev/null || true
	cd "$HOME_DIR" && as_account setsid "$PREFIX/current/bin/callcenter" serve \
		>>"$HOME_DIR/server.log" 2>&1 </dev/null &)
}

healthy() { # release
	(cd "$HOME_DIR" && as_account "$1/python/bin/python3" -sP "$1/verify.py" --health)
}

point_to() { # version: current leads to it, in one step
	ln -sfn "releases/$1" "$PREFIX/current.new"
	mv -T "$PREFIX/current.new" "$PREFIX/current"
	if [ -d "$(dirname "$UNIT")" ]; then
		cp "$PREFIX/releases/$1/units/callcenter.service" "$UNIT"
		if has_systemd; then systemctl daemon-reload; fi
	fi
}

check_release() { # release: every file is as it was built
	(cd "$1" && sha256sum --quiet -c SHA256SUMS) || fail "$1: files are not as they were built"
	say "$(wc -l <"$1/SHA256SUMS") files are as they were built"
}

verify() { # release
	check_release "$1"
	(cd / && as_account "$1/python/bin/python3" -sP "$1/verify.py")
	if [ -f "$CONFIG" ]; then
		(cd "$HOME_DIR" && as_account "$1/bin/callcenter" check-config >/dev/null)
		say "the settings are good"
	fi
}

make_account() {
	if ! getent passwd "$ACCOUNT" >/dev/null; then
		useradd --system --user-group --home-dir "$HOME_DIR" --shell /usr/sbin/nologin "$ACCOUNT"
	fi
	mkdir -p "$HOME_DIR" "$CONFIG_DIR" "$PREFIX/releases"
	chown "$ACCOUNT:$ACCOUNT" "$HOME_DIR"
	chmod 0711 "$HOME_DIR"
	if [ ! -f "$CONFIG" ]; then
		printf '# What differs from callcenter.toml.example.\ndata_dir = "%s/data"\n' "$HOME_DIR" >"$CONFIG"
		chgrp "$ACCOUNT" "$CONFIG"
		chmod 0640 "$CONFIG"
	fi
}

put_release() { # version
	target=$PREFIX/releases/$1
	if [ ! -d "$target" ]; then
		rm -rf "$target.unfinished"
		cp -R "$here/release" "$target.unfinished"
		chmod -R u+rwX,go+rX,go-w "$target.unfinished"
		mv "$target.unfinished" "$target"
	fi
	check_release "$target"
	# The server may not write there, and would read a thousand modules anew at each start.
	"$target/python/bin/python3" -sP -m compileall -q -j 0 "$target/python/lib" >/dev/null || true
	cp "$target/docs/operating/callcenter.toml" "$CONFIG_DIR/callcenter.toml.example"
}

roll_back() { # old version, new version, data folder, kind, archive, what was migrated
	say "rolling back to $1"
	stop_server "$3"
	point_to "$1"
	if [ -n "$6" ] && [ "$4" = private ]; then
		aside=$3/postgresql.failed-$2-$(date -u +%Y%m%dT%H%M%SZ)
		mv "$3/postgresql" "$aside"
		say "the tables were changed: that database stays in $aside, with what $2 may have stored"
		(cd "$HOME_DIR" && as_account "$PREFIX/current/bin/callcenter" restore "$5" --keys "$3" --into "$3") ||
			{ say "the copy $5 could not be restored: nothing serves"; exit 2; }
	elif [ -n "$6" ]; then
		say "the tables of database_url were changed, and $1 refuses them: restore $5 into an empty database"
		say "(callcenter restore), point database_url to it and start the server; nothing serves until then"
		exit 2
	fi
	start_server
	healthy "$PREFIX/current" || { say "$1 does not come up either: look at its log"; exit 2; }
	fail "$2 did not come up; $1 serves again"
}

upgrade() { # old version, new version
	old=$PREFIX/releases/$1 new=$PREFIX/releases/$2
	set -- "$1" "$2" $(data_of "$old")
	kind=$3 data=$4 archive="" migrated=""
	if [ -d "$data/postgresql" ] || [ "$kind" = external ]; then
		say "a copy before anything is changed"
		as_account mkdir -p "$data/upgrades"
		(cd "$HOME_DIR" && as_account "$old/bin/callcenter" backup --to "$data/upgrades") || fail "no copy, no upgrade"
		archive=$(ls -t "$data/upgrades"/*.ccbackup | head -1)
	fi
	stop_server "$data"
	point_to "$2"
	if ! migrated=$(cd "$HOME_DIR" && as_account "$new/bin/callcenter" migrate); then
		say "the tables were not changed"
		roll_back "$1" "$2" "$data" "$kind" "$archive" ""
	fi
	[ "$migrated" != "nothing to do" ] || migrated=""
	start_server
	healthy "$new" || roll_back "$1" "$2" "$data" "$kind" "$archive" "$migrated"
	say "upgraded from $1 to $2; $archive can be removed when you are content"
}

[ "$(id -u)" -eq 0 ] || fail "run as root"
case ${1-} in
--verify)
	[ -L "$PREFIX/current" ] || fail "nothing is installed in $PREFIX"
	verify "$(readlink -f "$PREFIX/current")"
	exit 0
	;;
"" | --no-start) ;;
*) fail "unknown: $1 (--verify, --no-start)" ;;
esac

[ "$(uname -s) $(uname -m)" = "$(cat "$here/PLATFORM")" ] || fail "made for $(cat "$here/PLATFORM")"
version=$(cat "$here/VERSION")
before=""
[ ! -L "$PREFIX/current" ] || before=$(basename "$(readlink "$PREFIX/current")")
[ "$before" != "$version" ] || fail "$version is installed already; ./install.sh --verify looks at it"
say "release $version"
make_account
put_release "$version"
verify "$PREFIX/releases/$version"
if [ -n "$before" ] && [ "${1-}" != --no-start ]; then
	upgrade "$before" "$version"
	exit 0
fi
point_to "$version"
if [ "${1-}" = --no-start ]; then
	say "installed; nothing was started"
	exit 0
fi
if has_systemd; then systemctl enable callcenter; fi
start_server
healthy "$PREFIX/current" || { say "installed, and the server does not come up: look at its log"; exit 2; }
say "installed; settings in $CONFIG, then the first page: docs/operating/install.md"
