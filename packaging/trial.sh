#!/bin/sh
# Inside a bare Debian without network: install, verify, upgrade, and two releases that are no good. `make bundle-test` runs it.
set -eu
cd /bundle/*/
here=$(pwd)
DATA=/var/lib/callcenter/data

said() { echo "trial: $*"; }
must() { said "$1"; shift; "$@" || { echo "trial: FAILED" >&2; exit 1; }; }
must_fail() { said "$1"; shift; if "$@"; then echo "trial: FAILED: it went well" >&2; exit 1; fi; }

as_account() {
	(cd /var/lib/callcenter && runuser -u callcenter -- env -i PATH="$PATH" LANG=C.UTF-8 CALLCENTER_CONFIG=/etc/callcenter/callcenter.toml "$@")
}
ask() { # a statement, as the owner of the private database
	as_account /opt/callcenter/current/python/bin/python3 -sP -c '
import asyncio, sys, asyncpg
from pathlib import Path
from callcenter.core.cluster import Cluster
async def ask():
    connection = await asyncpg.connect(Cluster.attach(Path(sys.argv[1])).dsn())
    print(await connection.fetchval(sys.argv[2]))
asyncio.run(ask())' "$DATA" "$1"
}
remembers() { [ "$(ask "SELECT count(*) FROM number_gap WHERE reason = 'trial'")" = 1 ]; }
current_is() { [ "$(basename "$(readlink /opt/callcenter/current)")" = "$1" ]; }
serves() { as_account /opt/callcenter/current/python/bin/python3 -sP /opt/callcenter/current/verify.py --health; }

later() { # version: a bundle of a later release, as this one; what else it has is put in by the caller
	rm -rf "/bundle-$1"
	cp -R "$here" "/bundle-$1"
	echo "$1" >"/bundle-$1/VERSION"
	echo "$1" >"/bundle-$1/release/VERSION"
	packages=$(dirname "$(find "/bundle-$1/release/python" -type d -name callcenter -path '*-packages/*' | head -1)")
	versions=$packages/callcenter/migrations/versions
	newest=$(basename "$(ls "$versions"/[0-9]*_*.py | tail -1)" | cut -d_ -f1)
}
migrates() { # of `later`: one more step, which makes a table
	cat >"$versions/9998_of_a_trial.py" <<END
from alembic import op
revision, down_revision, branch_labels, depends_on = "9998", "$newest", None, None
def upgrade():
    op.execute("CREATE TABLE of_a_trial (id bigint)")
END
}
sealed() { # version
	(cd "/bundle-$1/release" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
}

must "a Debian without Python" sh -c '! command -v python3'
must "a network of its own, with nobody in it" [ "$(grep -c : /proc/net/dev)" = 1 ]
must "it installs" ./install.sh
must "it verifies" ./install.sh --verify
must "something to remember" ask "INSERT INTO number_gap (first, last, reason, at) VALUES (1, 1, 'trial', now()) RETURNING 1"

said "a file that is not as it was built is found"
echo "# touched" >>/opt/callcenter/current/verify.py
must_fail "so it is" ./install.sh --verify
sed -i '$ d' /opt/callcenter/current/verify.py

later 0.1.1
migrates
sealed 0.1.1
must "a later release with other tables takes over" /bundle-0.1.1/install.sh
must "it is there" current_is 0.1.1
must "with its tables" [ "$(ask "SELECT count(*) FROM of_a_trial")" = 0 ]
must "and what was remembered" remembers

later 0.1.2
migrates
sed -i 's/9998/9999/; s/of_a_trial/of_another/' "$versions/9998_of_a_trial.py"
sed -i "s/\"$newest\"/\"9998\"/" "$versions/9998_of_a_trial.py"
mv "$versions/9998_of_a_trial.py" "$versions/9999_of_another.py"
cp /opt/callcenter/current/python/lib/python3*/site-packages/callcenter/migrations/versions/9998_of_a_trial.py "$versions/"
sed -i 's/^    make_data_dir(settings)$/    if not settings.demo:\n        raise SystemExit(1)\n    make_data_dir(settings)/' "$packages/callcenter/cli/serving.py"
sealed 0.1.2
must_fail "a release that migrates and does not come up is rolled back" /bundle-0.1.2/install.sh
must "the one before is there" current_is 0.1.1
must "and serves" serves
must "with what was remembered" remembers
must "without the tables of the other" [ "$(ask "SELECT to_regclass('of_another') IS NULL")" = True ]
must "the other database is kept aside" ls -d "$DATA"/postgresql.failed-0.1.2-*

later 0.1.3
echo 'raise RuntimeError("broken on purpose")' >>"$packages/callcenter/runtime/alarm.py"
sealed 0.1.3
must_fail "a broken release is refused before anything is stopped" /bundle-0.1.3/install.sh
must "the one before is there" current_is 0.1.1
must "and serves" serves
said "everything holds"
