//! What the demonstration organisation works with.

use lotline_common::masterdata::{ItemKind, StorageClass, Supply, Tracking};

/// Code, Chinese name, English name.
pub type Named = (&'static str, &'static str, &'static str);

/// Suppliers.
pub const SUPPLIERS: &[Named] = &[
    ("SUP-BAOTI", "宝鸡钛谷金属", "Baoji Titanium Valley"),
    ("SUP-STEEL", "江阴医用不锈钢", "Jiangyin Medical Steel"),
    ("SUP-PACK", "苏州洁安包装", "Suzhou Jie'an Packaging"),
    ("SUP-OEM", "常州康复器械", "Changzhou Kangfu Instruments"),
];

/// Subcontractors, with the login of their person in the portal and that person's name.
pub const SUBCONTRACTORS: &[(Named, &str, &str)] = &[
    (("SUB-MACH", "昆山精拓精密机械", "Kunshan Jingtuo Precision"), "portal-machining", "孙卫东"),
    (("SUB-ANOD", "苏州恒泰表面处理", "Suzhou Hengtai Surface Treatment"), "portal-anodising", "钱敏"),
    (("SUB-STER", "无锡安洁灭菌服务", "Wuxi Anjie Sterilisation"), "portal-sterile", "吴晓琳"),
];

/// Customers, with address and contact.
pub const CUSTOMERS: &[(Named, &str)] = &[
    (
        ("CUS-HUA", "上海华山骨科器械贸易", "Shanghai Huashan Orthopaedics"),
        "上海市静安区乌鲁木齐中路 12 号，何静 021-6248 0000",
    ),
    (
        ("CUS-QILU", "济南齐鲁医疗供应", "Jinan Qilu Medical Supply"),
        "山东省济南市历下区文化西路 107 号，徐亮 0531-8216 0000",
    ),
    (("CUS-NORD", "诺德外科", "Nord Surgical"), "Hafenstrasse 8, 20457 Hamburg, Anna Lindqvist"),
];

/// Our own people: login, name, role.
pub const PEOPLE: &[Named] = &[
    ("clerk", "陈思远", "clerk"),
    ("warehouse", "李建国", "warehouse"),
    ("approver", "王雅琴", "approver"),
    ("quality", "赵海燕", "quality"),
    ("manager", "刘振华", "manager"),
    ("auditor", "郑文博", "auditor"),
];

/// Operations that are sent out.
pub const OPERATIONS: &[Named] = &[
    ("CNC", "数控加工", "CNC machining"),
    ("ANODISE", "阳极氧化", "Anodising"),
    ("EO", "环氧乙烷灭菌", "Ethylene oxide sterilisation"),
    ("CLEAN", "超声清洗", "Ultrasonic cleaning"),
];

/// Shelves beside those every organisation has.
pub const SHELVES: &[Named] = &[
    ("A-01", "原料库 A-01", "Store A-01"),
    ("A-02", "原料库 A-02", "Store A-02"),
    ("B-01", "半成品库 B-01", "Semi-finished store B-01"),
    ("P-01", "包材库 P-01", "Packaging store P-01"),
];

/// An item of the demonstration.
pub struct DemoItem {
    /// Code, Chinese name, English name.
    pub named: Named,
    /// What it is.
    pub kind: ItemKind,
    /// Base unit.
    pub unit: &'static str,
    /// How it is tracked.
    pub tracking: Tracking,
    /// Days from manufacture to expiry.
    pub shelf_life_days: Option<i32>,
    /// How it is kept.
    pub storage_class: StorageClass,
    /// Specification.
    pub specification: &'static str,
}

const fn item(named: Named, kind: ItemKind, unit: &'static str, specification: &'static str) -> DemoItem {
    let (tracking, storage_class) = (Tracking::Lot, StorageClass::Ambient);
    DemoItem { named, kind, unit, tracking, shelf_life_days: None, storage_class, specification }
}

const fn expiring(item: DemoItem, days: i32, storage_class: StorageClass) -> DemoItem {
    DemoItem { shelf_life_days: Some(days), storage_class, ..item }
}

const fn serial(item: DemoItem) -> DemoItem {
    DemoItem { tracking: Tracking::Serial, ..item }
}

const fn untracked(item: DemoItem) -> DemoItem {
    DemoItem { tracking: Tracking::None, ..item }
}

use ItemKind::{Component, Packaging, Product, RawMaterial, Tooling};

/// Items. What a subcontractor works on stands before what comes back.
pub const ITEMS: &[DemoItem] = &[
    item(
        ("RM-TI-040", "钛合金棒 Ti-6Al-4V ELI Ø4.0", "Titanium bar Ti-6Al-4V ELI Ø4.0"),
        RawMaterial,
        "kg",
        "ISO 5832-3",
    ),
    item(
        ("RM-TI-050", "钛合金棒 Ti-6Al-4V ELI Ø5.0", "Titanium bar Ti-6Al-4V ELI Ø5.0"),
        RawMaterial,
        "kg",
        "ISO 5832-3",
    ),
    item(
        ("RM-TI-060", "钛合金棒 Ti-6Al-4V ELI Ø6.0", "Titanium bar Ti-6Al-4V ELI Ø6.0"),
        RawMaterial,
        "kg",
        "ISO 5832-3",
    ),
    item(
        ("RM-TI-080", "钛合金棒 Ti-6Al-4V ELI Ø8.0", "Titanium bar Ti-6Al-4V ELI Ø8.0"),
        RawMaterial,
        "kg",
        "ISO 5832-3",
    ),
    item(
        ("RM-TI-100", "钛合金棒 Ti-6Al-4V ELI Ø10.0", "Titanium bar Ti-6Al-4V ELI Ø10.0"),
        RawMaterial,
        "kg",
        "ISO 5832-3",
    ),
    item(
        ("RM-TI-120", "钛合金棒 Ti-6Al-4V ELI Ø12.0", "Titanium bar Ti-6Al-4V ELI Ø12.0"),
        RawMaterial,
        "kg",
        "ISO 5832-3",
    ),
    item(("RM-TS-020", "纯钛板 2.0 mm", "Titanium sheet 2.0 mm"), RawMaterial, "kg", "ISO 5832-2"),
    item(("RM-TS-030", "纯钛板 3.0 mm", "Titanium sheet 3.0 mm"), RawMaterial, "kg", "ISO 5832-2"),
    item(("RM-SS-060", "不锈钢棒 316LVM Ø6.0", "Steel bar 316LVM Ø6.0"), RawMaterial, "kg", "ISO 5832-1"),
    item(("RM-SS-100", "不锈钢棒 316LVM Ø10.0", "Steel bar 316LVM Ø10.0"), RawMaterial, "kg", "ISO 5832-1"),
    item(("RM-SS-455", "不锈钢棒 455 Ø12.0", "Steel bar 455 Ø12.0"), RawMaterial, "kg", "ASTM F899"),
    item(("RM-PK-200", "PEEK 棒 Ø20", "PEEK rod Ø20"), RawMaterial, "m", "ASTM F2026"),
    item(("RM-SI-010", "硅胶手柄料 50A", "Silicone compound 50A"), RawMaterial, "kg", "ISO 10993"),
    expiring(item(("CH-CL-001", "碱性清洗剂", "Alkaline cleaner"), RawMaterial, "L", "pH 11"), 365, StorageClass::Cool),
    expiring(item(("CH-CL-002", "酶清洗剂", "Enzymatic cleaner"), RawMaterial, "L", ""), 180, StorageClass::Cold),
    item(("SF-3530-M", "皮质骨螺钉 3.5×30 机加件", "Cortical screw 3.5×30, machined"), Component, "pcs", "DWG-3530"),
    item(("SF-3545-M", "皮质骨螺钉 3.5×45 机加件", "Cortical screw 3.5×45, machined"), Component, "pcs", "DWG-3545"),
    item(("SF-5040-M", "锁定螺钉 5.0×40 机加件", "Locking screw 5.0×40, machined"), Component, "pcs", "DWG-5040"),
    item(("SF-4036-M", "空心螺钉 4.0×36 机加件", "Cannulated screw 4.0×36, machined"), Component, "pcs", "DWG-4036"),
    item(("SF-6565-M", "松质骨螺钉 6.5×65 机加件", "Cancellous screw 6.5×65, machined"), Component, "pcs", "DWG-6565"),
    item(("SF-PL08-M", "直型接骨板 8 孔 机加件", "Straight plate, 8 holes, machined"), Component, "pcs", "DWG-PL08"),
    item(("SF-DR01-M", "螺丝刀杆 机加件", "Screwdriver shaft, machined"), Component, "pcs", "DWG-DR01"),
    item(("SF-3530-A", "皮质骨螺钉 3.5×30 氧化件", "Cortical screw 3.5×30, anodised"), Component, "pcs", "DWG-3530"),
    item(("SF-5040-A", "锁定螺钉 5.0×40 氧化件", "Locking screw 5.0×40, anodised"), Component, "pcs", "DWG-5040"),
    item(("SF-4036-A", "空心螺钉 4.0×36 氧化件", "Cannulated screw 4.0×36, anodised"), Component, "pcs", "DWG-4036"),
    item(("SF-PL08-A", "直型接骨板 8 孔 氧化件", "Straight plate, 8 holes, anodised"), Component, "pcs", "DWG-PL08"),
    expiring(
        item(("PK-TY-120", "特卫强吸塑袋 120×200", "Tyvek pouch 120×200"), Packaging, "pcs", "ISO 11607"),
        400,
        StorageClass::Dry,
    ),
    expiring(
        item(("PK-TY-060", "特卫强吸塑袋 60×120", "Tyvek pouch 60×120"), Packaging, "pcs", "ISO 11607"),
        400,
        StorageClass::Dry,
    ),
    expiring(
        item(("PK-BL-010", "吸塑盒 10 位", "Blister tray, 10 places"), Packaging, "pcs", "ISO 11607"),
        700,
        StorageClass::Clean,
    ),
    expiring(
        item(("PK-IN-EO1", "环氧乙烷化学指示标签", "EO process indicator label"), Packaging, "pcs", "ISO 11140-1"),
        300,
        StorageClass::Dry,
    ),
    expiring(
        item(("QC-BI-001", "环氧乙烷生物指示剂", "EO biological indicator"), Packaging, "pcs", "ISO 11138-2"),
        240,
        StorageClass::Cold,
    ),
    untracked(item(("PK-BX-001", "外箱 400×300×200", "Carton 400×300×200"), Packaging, "pcs", "")),
    untracked(item(("PK-LB-001", "空白标签卷", "Blank label roll"), Packaging, "pcs", "")),
    item(("FG-3530-S", "皮质骨螺钉 3.5×30 灭菌包装", "Cortical screw 3.5×30, sterile"), Product, "pcs", "DWG-3530"),
    item(("FG-5040-S", "锁定螺钉 5.0×40 灭菌包装", "Locking screw 5.0×40, sterile"), Product, "pcs", "DWG-5040"),
    item(("FG-4036-S", "空心螺钉 4.0×36 灭菌包装", "Cannulated screw 4.0×36, sterile"), Product, "pcs", "DWG-4036"),
    item(("FG-PL08-S", "直型接骨板 8 孔 灭菌包装", "Straight plate, 8 holes, sterile"), Product, "pcs", "DWG-PL08"),
    item(("FG-SET-01", "骨科器械包 I 型", "Orthopaedic instrument set I"), Product, "pcs", "DWG-SET1"),
    item(("FG-SET-02", "骨科器械包 II 型", "Orthopaedic instrument set II"), Product, "pcs", "DWG-SET2"),
    item(("SF-HD-01", "硅胶手柄", "Silicone handle"), Component, "pcs", "DWG-HD01"),
    item(("SF-TR-01", "器械托盘", "Instrument tray"), Component, "pcs", "DWG-TR01"),
    serial(item(("TL-MD-01", "手柄模具", "Handle mould"), Tooling, "pcs", "MD-01")),
];

/// How often a mould may be used.
pub const MOULD_LIFE: i32 = 20_000;

/// Components that we do not take from our own shelves, or only lend: product, component, who provides it.
pub const SUPPLIES: &[(&str, &str, Supply)] = &[
    ("SF-DR01-M", "RM-SI-010", Supply::SupplierSourced),
    ("SF-DR01-M", "TL-MD-01", Supply::Tooling),
    ("FG-SET-01", "PK-BX-001", Supply::DropShipped),
];

/// A component of a demonstration's bill of material: item, net usage, loss norm in per cent, issue multiple.
pub type Usage = (&'static str, &'static str, &'static str, Option<&'static str>);

/// A bill of material: product, operation, base quantity, components.
pub type DemoBom = (&'static str, &'static str, u32, &'static [Usage]);

/// Bills of material in force.
pub const BOMS: &[DemoBom] = &[
    ("SF-3530-M", "CNC", 1000, &[("RM-TI-040", "4.85", "3", Some("0.5"))]),
    ("SF-3545-M", "CNC", 1000, &[("RM-TI-040", "6.92", "3", Some("0.5"))]),
    ("SF-5040-M", "CNC", 1000, &[("RM-TI-060", "9.74", "3.5", Some("1.5"))]),
    ("SF-4036-M", "CNC", 1000, &[("RM-TI-050", "5.36", "4", Some("0.5"))]),
    ("SF-6565-M", "CNC", 1000, &[("RM-TI-080", "18.42", "3", Some("1.5"))]),
    ("SF-PL08-M", "CNC", 100, &[("RM-TS-030", "7.15", "6", None)]),
    (
        "SF-DR01-M",
        "CNC",
        100,
        &[("RM-SS-100", "11.3", "4", None), ("RM-SI-010", "1.2", "8", None), ("TL-MD-01", "4800", "0", None)],
    ),
    ("SF-3530-A", "ANODISE", 1, &[("SF-3530-M", "1", "0.5", None)]),
    ("SF-5040-A", "ANODISE", 1, &[("SF-5040-M", "1", "0.5", None)]),
    ("SF-4036-A", "ANODISE", 1, &[("SF-4036-M", "1", "0.8", None)]),
    ("SF-PL08-A", "ANODISE", 1, &[("SF-PL08-M", "1", "0.5", None)]),
    (
        "FG-3530-S",
        "EO",
        10,
        &[("SF-3530-A", "10", "0", None), ("PK-TY-060", "10", "2", Some("50")), ("PK-IN-EO1", "10", "1", Some("100"))],
    ),
    (
        "FG-5040-S",
        "EO",
        10,
        &[("SF-5040-A", "10", "0", None), ("PK-TY-060", "10", "2", Some("50")), ("PK-IN-EO1", "10", "1", Some("100"))],
    ),
    (
        "FG-PL08-S",
        "EO",
        1,
        &[("SF-PL08-A", "1", "0", None), ("PK-TY-120", "1", "2", Some("50")), ("PK-IN-EO1", "1", "1", Some("100"))],
    ),
    (
        "FG-SET-01",
        "EO",
        1,
        &[
            ("SF-DR01-M", "2", "0", None),
            ("PK-BL-010", "1", "2", None),
            ("QC-BI-001", "1", "0", None),
            ("PK-BX-001", "1", "0", None),
        ],
    ),
];

/// What is received: item, supplier, quantity of one lot.
pub const DELIVERIES: &[(&str, &str, u32)] = &[
    ("RM-TI-040", "SUP-BAOTI", 120),
    ("RM-TI-050", "SUP-BAOTI", 90),
    ("RM-TI-060", "SUP-BAOTI", 160),
    ("RM-TI-080", "SUP-BAOTI", 140),
    ("RM-TI-100", "SUP-BAOTI", 80),
    ("RM-TI-120", "SUP-BAOTI", 60),
    ("RM-TS-020", "SUP-BAOTI", 70),
    ("RM-TS-030", "SUP-BAOTI", 110),
    ("RM-SS-060", "SUP-STEEL", 90),
    ("RM-SS-100", "SUP-STEEL", 130),
    ("RM-SS-455", "SUP-STEEL", 75),
    ("RM-PK-200", "SUP-STEEL", 40),
    ("RM-SI-010", "SUP-STEEL", 50),
    ("CH-CL-001", "SUP-PACK", 60),
    ("CH-CL-002", "SUP-PACK", 30),
    ("SF-3530-M", "SUP-OEM", 6000),
    ("SF-5040-M", "SUP-OEM", 4000),
    ("SF-4036-M", "SUP-OEM", 3000),
    ("SF-PL08-M", "SUP-OEM", 500),
    ("SF-DR01-M", "SUP-OEM", 400),
    ("SF-3530-A", "SUP-OEM", 4000),
    ("SF-5040-A", "SUP-OEM", 3000),
    ("SF-PL08-A", "SUP-OEM", 400),
    ("PK-TY-060", "SUP-PACK", 8000),
    ("PK-TY-120", "SUP-PACK", 2000),
    ("PK-BL-010", "SUP-PACK", 900),
    ("PK-IN-EO1", "SUP-PACK", 10000),
    ("QC-BI-001", "SUP-PACK", 400),
    ("PK-BX-001", "SUP-PACK", 500),
    ("RM-TI-040", "SUP-BAOTI", 100),
];

/// Purchase prices of one unit, in the organisation's currency.
pub const PRICES: &[(&str, &str)] = &[
    ("RM-TI-040", "620"),
    ("RM-TI-050", "598"),
    ("RM-TI-060", "575"),
    ("RM-TI-080", "552"),
    ("RM-TI-100", "540"),
    ("RM-TI-120", "531"),
    ("RM-TS-020", "486"),
    ("RM-TS-030", "472"),
    ("RM-SS-060", "118"),
    ("RM-SS-100", "109"),
    ("RM-SS-455", "134"),
    ("RM-PK-200", "960"),
    ("RM-SI-010", "88"),
    ("CH-CL-001", "46"),
    ("CH-CL-002", "152"),
    ("SF-3530-M", "6.80"),
    ("SF-5040-M", "9.40"),
    ("SF-4036-M", "11.20"),
    ("SF-PL08-M", "68"),
    ("SF-DR01-M", "42"),
    ("SF-3530-A", "7.90"),
    ("SF-5040-A", "10.60"),
    ("SF-PL08-A", "74"),
    ("PK-TY-060", "0.85"),
    ("PK-TY-120", "1.30"),
    ("PK-BL-010", "4.60"),
    ("PK-IN-EO1", "0.12"),
    ("QC-BI-001", "9.50"),
    ("PK-BX-001", "5.20"),
];
