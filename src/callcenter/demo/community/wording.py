"""Words the listed people share, each in Chinese and English: conditions, distances, relations, times of day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Both:
    """One wording in the two languages of the demo."""

    zh: str
    en: str


NOTHING = Both("", "")


@dataclass(frozen=True, slots=True)
class Condition:
    """What is written about an illness: the note, what is taken for it, and the warning that goes out with an alarm."""

    note: Both
    medicine: Both = NOTHING
    hazard: Both = NOTHING


CONDITIONS: Mapping[str, Condition] = {
    "pressure": Condition(
        Both("高血压", "high blood pressure"),
        Both("氨氯地平5mg，早", "amlodipine 5 mg, mornings"),
    ),
    "pressure2": Condition(
        Both("高血压20年，早晚量血压", "high blood pressure for 20 years, measured twice a day"),
        Both("缬沙坦80mg，早", "valsartan 80 mg, mornings"),
    ),
    "warfarin": Condition(
        Both("房颤，长期抗凝", "atrial fibrillation, on anticoagulants for years"),
        Both("华法林2.5mg，晚", "warfarin 2.5 mg, evenings"),
        Both("抗凝药，出血难止", "anticoagulant: bleeding is hard to stop"),
    ),
    "rivaroxaban": Condition(
        Both("下肢静脉血栓史", "past deep-vein thrombosis"),
        Both("利伐沙班15mg，晚", "rivaroxaban 15 mg, evenings"),
        Both("抗凝药，出血难止", "anticoagulant: bleeding is hard to stop"),
    ),
    "stent": Condition(
        Both("冠心病，装过两枚支架", "coronary disease, two stents"),
        Both("阿司匹林100mg；硝酸甘油备用", "aspirin 100 mg; nitroglycerin at hand"),
        Both("心脏支架", "heart stents"),
    ),
    "angina": Condition(
        Both("冠心病，偶有心绞痛", "coronary disease, angina now and then"),
        Both("硝酸甘油在床头抽屉", "nitroglycerin in the bedside drawer"),
    ),
    "failure": Condition(
        Both("慢性心衰，怕平躺", "chronic heart failure, cannot lie flat"),
        Both("呋塞米20mg，螺内酯20mg", "furosemide 20 mg, spironolactone 20 mg"),
        Both("心衰，勿平躺", "heart failure: do not lay flat"),
    ),
    "pacemaker": Condition(
        Both("装有心脏起搏器", "has a pacemaker"),
        hazard=Both("心脏起搏器", "pacemaker"),
    ),
    "pills": Condition(
        Both("2型糖尿病，口服药", "type 2 diabetes, on tablets"),
        Both("二甲双胍0.5g，一日两次", "metformin 0.5 g twice a day"),
    ),
    "insulin": Condition(
        Both(
            "糖尿病，三餐前注射胰岛素，低血糖时出冷汗、说胡话",
            "diabetes, insulin before meals; when low: cold sweat, confused speech",
        ),
        Both("门冬胰岛素在冰箱门上层", "insulin aspart, top shelf of the fridge door"),
        Both("胰岛素，注意低血糖", "insulin: think of low sugar"),
    ),
    "oxygen": Condition(
        Both("慢阻肺，每天家庭氧疗15小时", "COPD, oxygen at home 15 hours a day"),
        Both("噻托溴铵吸入，早", "tiotropium inhaler, mornings"),
        Both("家庭氧疗，严禁明火", "home oxygen: no open flame"),
    ),
    "asthma": Condition(
        Both("哮喘，换季加重", "asthma, worse when seasons change"),
        Both("沙丁胺醇气雾剂随身", "salbutamol spray carried along"),
    ),
    "deaf": Condition(
        Both("双耳极重度听力损失，电话听不见", "profoundly deaf, cannot hear a telephone"),
        hazard=Both("失聪，请打给邻居", "deaf: call the neighbour"),
    ),
    "hearing": Condition(Both("听力差，戴助听器", "hard of hearing, wears an aid")),
    "dementia": Condition(
        Both("阿尔茨海默病中期，常误按", "Alzheimer's, middle stage; often presses by mistake"),
        Both("多奈哌齐5mg，晚", "donepezil 5 mg, evenings"),
        Both("认知障碍，会走失", "dementia: may wander off"),
    ),
    "forgetful": Condition(
        Both("轻度认知障碍，记不清日期", "mild cognitive impairment, loses track of dates")
    ),
    "aphasia": Condition(
        Both(
            "脑梗后失语，听得懂、说不出，右侧偏瘫",
            "aphasia after a stroke: understands, cannot speak; weak right side",
        ),
        Both("氯吡格雷75mg，早", "clopidogrel 75 mg, mornings"),
        Both("失语，用敲击暗号", "aphasia: use the knock code"),
    ),
    "stroke": Condition(
        Both("脑梗后左侧无力，用助行器", "weak left side after a stroke, walks with a frame"),
        Both("阿司匹林100mg，早", "aspirin 100 mg, mornings"),
        Both("易跌倒", "falls easily"),
    ),
    "parkinson": Condition(
        Both("帕金森病，起步困难", "Parkinson's disease, trouble starting to walk"),
        Both("多巴丝肼，一日三次，需准时", "levodopa three times a day, on time"),
        Both("易跌倒", "falls easily"),
    ),
    "bedridden": Condition(
        Both(
            "长期卧床，骶尾部压疮护理中，需两人搬动",
            "bedridden, pressure sore under care, needs two people to move",
        ),
        Both("肠内营养，鼻饲", "tube feeding"),
        Both("卧床，需担架", "bedridden: bring a stretcher"),
    ),
    "hip": Condition(
        Both("左髋关节置换，弯腰不超过90度", "left hip replaced, must not bend past 90 degrees"),
        hazard=Both("易跌倒", "falls easily"),
    ),
    "bones": Condition(
        Both("骨质疏松，腰椎压缩骨折史", "osteoporosis, past compression fracture of the spine"),
        Both("阿仑膦酸钠，每周日", "alendronate on Sundays"),
    ),
    "knees": Condition(
        Both("双膝关节炎，下楼要扶", "arthritis in both knees, needs a hand downstairs")
    ),
    "eyes": Condition(
        Both("青光眼晚期，只有光感", "late glaucoma, sees light and dark only"),
        Both("拉坦前列素滴眼液，晚", "latanoprost eye drops, evenings"),
        Both("几乎失明", "almost blind"),
    ),
    "cataract": Condition(Both("白内障，夜里看不清", "cataract, sees poorly at night")),
    "dialysis": Condition(
        Both(
            "尿毒症，周二四六上午透析，左臂动静脉瘘",
            "kidney failure, dialysis on Tue, Thu, Sat mornings, fistula in the left arm",
        ),
        hazard=Both("透析，左臂勿量血压", "dialysis: no blood pressure on the left arm"),
    ),
    "epilepsy": Condition(
        Both("癫痫，两年未发作", "epilepsy, no seizure for two years"),
        Both("丙戊酸钠0.5g，早晚", "valproate 0.5 g, mornings and evenings"),
        Both("癫痫", "epilepsy"),
    ),
    "cancer": Condition(
        Both("结肠癌术后，有造口袋", "after colon cancer surgery, has a stoma bag"),
    ),
    "gout": Condition(Both("痛风，发作时走不了路", "gout, cannot walk during an attack")),
    "low": Condition(
        Both(
            "丧亲后情绪低落，社工每周探访",
            "low in mood since a loss; a social worker visits weekly",
        ),
        Both("舍曲林50mg，早", "sertraline 50 mg, mornings"),
    ),
    "stomach": Condition(Both("慢性胃炎", "chronic gastritis")),
    "thyroid": Condition(
        Both("甲状腺功能减退", "underactive thyroid"),
        Both("左甲状腺素50μg，早空腹", "levothyroxine 50 µg before breakfast"),
    ),
    "well": Condition(Both("身体尚好，每年体检", "in good health, checked every year")),
}

RELATIONS: Mapping[str, str] = {
    "女儿": "daughter",
    "儿子": "son",
    "儿媳": "daughter-in-law",
    "女婿": "son-in-law",
    "丈夫": "husband",
    "妻子": "wife",
    "孙子": "grandson",
    "孙女": "granddaughter",
    "外孙": "grandson",
    "外孙女": "granddaughter",
    "侄子": "nephew",
    "侄女": "niece",
    "外甥": "nephew",
    "外甥女": "niece",
    "妹妹": "younger sister",
    "弟弟": "younger brother",
    "姐姐": "elder sister",
    "哥哥": "elder brother",
    "邻居": "neighbour",
    "朋友": "friend",
    "老同事": "former colleague",
    "护理员": "carer",
}

DISTANCES: Mapping[str, Both] = {
    "同住": Both("同住", "same home"),
    "对门": Both("对门", "across the landing"),
    "同楼": Both("同楼", "same building"),
    "小区": Both("同小区，步行5分钟", "same estate, 5 minutes on foot"),
    "附近": Both("步行15分钟", "15 minutes on foot"),
    "本区": Both("本区，开车15分钟", "same district, 15 minutes by car"),
    "本市": Both("本市，开车40分钟", "same city, 40 minutes by car"),
    "外地": Both("外地，当天到不了", "far away, cannot come the same day"),
    "国外": Both("国外，有时差", "abroad, another time zone"),
}

FAR_AWAY = frozenset({"外地", "国外"})

REACHABLE: tuple[Both, ...] = (
    Both("全天", "at any time"),
    Both("全天，夜里多响几声", "at any time; at night let it ring"),
    Both("工作日18点后，周末全天", "after 18:00 on working days, weekends at any time"),
    Both("7点至22点", "07:00 to 22:00"),
    Both("上夜班，上午可能在睡", "works nights, may sleep in the morning"),
)

DIALECTS: Mapping[str, Both] = {
    "普": Both("普通话", "Mandarin"),
    "云": Both("云陌话", "Yunmo dialect"),
    "川": Both("四川话", "Sichuanese"),
    "东": Both("东北话", "Northeastern"),
    "沪": Both("上海话", "Shanghainese"),
    "粤": Both("粤语", "Cantonese"),
    "陕": Both("陕西话", "Shaanxi dialect"),
    "鲁": Both("山东话", "Shandong dialect"),
}

HOSPITALS: Mapping[str, Both] = {
    "一": Both("市第一医院", "City Hospital No. 1"),
    "中": Both("市中医院", "City Hospital of Chinese Medicine"),
    "区": Both("澄溪区人民医院", "Chengxi District Hospital"),
}

ALLERGIES: Mapping[str, Both] = {
    "": NOTHING,
    "青": Both("青霉素", "penicillin"),
    "磺": Both("磺胺类", "sulfonamides"),
    "头": Both("头孢类", "cephalosporins"),
    "碘": Both("碘造影剂", "iodine contrast"),
    "虾": Both("海鲜", "seafood"),
}

TALKING: tuple[Both, ...] = (
    Both("说话慢一点，一次只问一件事", "speak slowly, one question at a time"),
    Both("爱聊家常，先问吃饭了没有", "likes a chat; ask first whether they have eaten"),
    Both("性子急，先告诉她已经派人", "impatient: say first that somebody is on the way"),
    Both(
        "怕麻烦别人，会说没事，要多问一句",
        "does not want to be a bother and says all is well; ask once more",
    ),
    Both("声音放低、吐字清楚，不用喊", "low voice and clear words, no need to shout"),
    Both("习惯别人称呼老师", "likes to be called Teacher"),
    Both("退伍老兵，讲话直接", "a veteran, plain words are welcome"),
    Both("接电话慢，响足十声", "slow to the phone, let it ring ten times"),
)
