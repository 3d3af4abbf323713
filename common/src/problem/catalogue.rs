//! The one table of problem codes: status, and words in both languages. What is not here does not exist; a test makes each.

use super::table::{Words, problem_table};
use crate::{locale::Locale, text_enum::text_enum};

problem_table! {
    // The request as such.
    RequestMalformed = "request_malformed", 400,
        zh: "请求格式错误" / "请求无法读取：{reason}。" / "请按接口说明修正请求后重发。",
        en: "Malformed request" / "The request cannot be read: {reason}." / "Correct it as the API description says and send it again.";
    BodyMalformed = "body_malformed", 400,
        zh: "请求内容格式错误" / "请求内容不符合接口说明（位置 {pointer}）：{reason}。" / "请按接口说明修正内容后重发。",
        en: "Malformed body" / "The body does not follow the API description (at {pointer}): {reason}." / "Correct it as the API description says and send it again.";
    BodyTooLarge = "body_too_large", 413,
        zh: "请求内容过大" / "请求内容超过 {maximum} 字节。" / "请缩小文件或分次提交。",
        en: "Body too large" / "The body is larger than {maximum} bytes." / "Make it smaller or send it in parts.";
    MediaTypeUnsupported = "media_type_unsupported", 415,
        zh: "不支持的内容类型" / "此处只接受 {expected}。" / "请改用所列类型重发。",
        en: "Media type not supported" / "Only {expected} is accepted here." / "Send it again as one of the types named.";
    RouteNotFound = "route_not_found", 404,
        zh: "地址不存在" / "此地址没有任何接口。" / "请查看接口说明中的地址。",
        en: "No such address" / "There is no operation at this address." / "Look the address up in the API description.";
    MethodNotAllowed = "method_not_allowed", 405,
        zh: "方法不允许" / "此地址不支持 {method} 方法。" / "请查看接口说明中的方法。",
        en: "Method not allowed" / "This address does not know the method {method}." / "Look the method up in the API description.";
    CursorInvalid = "cursor_invalid", 400,
        zh: "翻页标记无效" / "翻页标记不属于此列表或此排序。" / "请从第一页重新读取。",
        en: "Cursor not valid" / "The cursor does not belong to this list in this order." / "Read the list again from its first page.";
    SortUnknown = "sort_unknown", 400,
        zh: "排序列不存在" / "不能按“{column}”排序；可用的列：{columns}。" / "请选用所列的列。",
        en: "Sort column unknown" / "The list cannot be sorted by {column}; it can by {columns}." / "Choose one of the columns named.";
    InternalError = "internal_error", 500,
        zh: "服务器内部错误" / "服务器未能完成请求，没有写入任何数据。" / "请稍后重试；若仍失败，请把请求编号告知管理员。",
        en: "Internal error" / "The server could not complete the request; nothing was written." / "Try again later; if it keeps failing, tell an administrator the request number.";
    ServiceBusy = "service_busy", 503,
        zh: "服务繁忙" / "数据库暂时无法应答，没有写入任何数据。" / "请稍候重试，同一幂等键不会重复记账。",
        en: "Service busy" / "The database cannot answer at the moment; nothing was written." / "Try again shortly; the same idempotency key never posts twice.";
    TooManyRequests = "too_many_requests", 429,
        zh: "请求过于频繁" / "请求次数超出限制。" / "请在 {seconds} 秒后重试。",
        en: "Too many requests" / "More requests than the limit allows." / "Try again in {seconds} seconds.";

    // Who is asking.
    NotSignedIn = "not_signed_in", 401,
        zh: "未登录" / "此请求需要有效的登录会话。" / "请登录后重试。",
        en: "Not signed in" / "This request needs a valid session." / "Sign in and try again.";
    CredentialsWrong = "credentials_wrong", 401,
        zh: "登录名或口令错误" / "登录名与口令不匹配，或账号已停用。" / "请核对后重试；忘记口令请联系管理员。",
        en: "Login or password wrong" / "The login and the password do not match, or the account is not active." / "Check both and try again; an administrator can reset the password.";
    SignInThrottled = "sign_in_throttled", 429,
        zh: "登录尝试过多" / "从此网络地址尝试登录的失败次数过多。" / "请在 {seconds} 秒后重试；其他地址的登录不受影响。",
        en: "Too many sign-in attempts" / "Too many failed attempts came from this network address." / "Try again in {seconds} seconds; other addresses are not affected.";
    SignatureRequired = "signature_required", 401,
        zh: "须签名" / "对 {number} 的决定须由您本人重新验证身份后签名。" / "请签名后提交。",
        en: "Signature needed" / "Deciding on {number} needs your signature, for which you prove anew that it is you." / "Sign it.";
    SignatureRefused = "signature_refused", 401,
        zh: "签名未通过" / "未能确认是您本人签名：{cause}。未写入任何数据。" / "请核对后重试；失败的签名会被记录。",
        en: "Signature refused" / "It could not be confirmed that you sign: {cause}. Nothing was written." / "Check it and try again; failed signings are recorded.";
    SigningThrottled = "signing_throttled", 429,
        zh: "签名失败次数过多" / "您的签名连续失败次数过多，管理员会看到提醒。" / "请在 {seconds} 秒后重试；若不是您本人操作，请立即修改口令。",
        en: "Too many failed signings" / "Too many of your signings failed; administrators see it." / "Try again in {seconds} seconds; change your password at once if it was not you.";
    SignedRecordChanged = "signed_record_changed", 409,
        zh: "待签内容已变化" / "{number} 的内容或您的决定与您看到并准备签署的不一致。" / "请重新查看后再签名。",
        en: "Not what you were to sign" / "{number}, or what you decide, is not what you saw and were about to sign." / "Look at it again, and sign it then.";
    CrossSiteRequest = "cross_site_request", 403,
        zh: "拒绝跨站请求" / "此请求由其他网站发起，已被拒绝。" / "请直接在 Lotline 页面中操作。",
        en: "Cross-site request refused" / "Another site caused this request." / "Use Lotline's own pages.";
    PermissionMissing = "permission_missing", 403,
        zh: "没有权限" / "此操作需要权限“{permission}”。" / "请由具备该权限的人员操作，或请管理员授权。",
        en: "Permission missing" / "This needs the permission {permission}." / "Ask somebody who has it, or an administrator to grant it.";
    MembershipMissing = "membership_missing", 403,
        zh: "不是该组织成员" / "当前账号不是该组织的有效成员。" / "请选择其他组织，或请该组织管理员添加。",
        en: "Not a member" / "This account is no active member of that organisation." / "Choose another organisation, or ask its administrator to be added.";
    PasswordChangeRequired = "password_change_required", 403,
        zh: "须先修改口令" / "您的口令由他人设置，修改之前不能进行其他操作。" / "请在“我的账号”中修改口令。",
        en: "Change the password first" / "Somebody else set your password; nothing else can be done before you change it." / "Change it on the page of your account.";
    PasswordWeak = "password_weak", 422,
        zh: "口令过弱" / "口令至少 {minimum} 个字符、至多 128 个，且不得是常见口令。" / "请换用更长的口令，例如几个不相关的词。",
        en: "Password too weak" / "A password has at least {minimum} and at most 128 characters and is not a common one." / "Choose a longer one, for instance some unrelated words.";
    PasswordWrong = "password_wrong", 422,
        zh: "当前口令错误" / "输入的当前口令不正确。" / "请重新输入当前口令。",
        en: "Current password wrong" / "The current password is not right." / "Enter the current password again.";
    LastAdministrator = "last_administrator", 409,
        zh: "不能移除最后一名管理员" / "此更改后将无人能管理人员与角色。" / "请先让另一名成员成为管理员。",
        en: "Last administrator" / "After this change nobody could manage people and roles." / "Make another member administrator first.";
    OwnMembership = "own_membership", 409,
        zh: "不能停用自己" / "停用后您将立即无法登录本组织。" / "请由另一名管理员停用。",
        en: "Own membership" / "You would lose your own access to this organisation at once." / "Another administrator can deactivate it.";
    PersonOfOther = "person_of_other", 409,
        zh: "账号属于其他组织" / "登录名“{login}”由其他组织建立，本组织不能重置其口令，也不能删除其个人信息。" / "请由其本人修改口令，或由建立该账号的组织处理。",
        en: "Account of another organisation" / "The login {login} was made by another organisation, so this one can neither reset its password nor erase it." / "The person changes the password, or the organisation that made the account acts.";
    MembershipActive = "membership_active", 409,
        zh: "人员仍在任职" / "“{person}”在本组织或其他组织仍是有效成员，不能删除其个人信息。" / "请先取消其“可以在此工作”；在其他组织任职的，由该组织先停用。",
        en: "Still a member" / "{person} may still work here or for another organisation, so nothing of them can be erased." / "First take away “may work here”; another organisation ends its own membership.";
    PersonErased = "person_erased", 409,
        zh: "个人信息已删除" / "“{person}”的个人信息已经删除，不能再次删除，也不能重新启用。" / "此人再次任职时，请新建成员。",
        en: "Person erased" / "What was known of {person} is erased; that cannot be done again, and the membership cannot be taken up again." / "Should the person come back, add a new member.";
    ReasonNamesPerson = "reason_names_person", 422,
        zh: "原因不得写出姓名" / "原因将永久保留在审计记录中，其中出现了该人员的姓名或登录名。" / "请改写原因，例如“本人申请，工单 1234”。",
        en: "Reason names the person" / "The reason stays in the record for good, and it holds the person's name or login." / "Write it without, for instance “asked for by the person, ticket 1234”.";
    RoleUnfit = "role_unfit", 422,
        zh: "角色不适用" / "角色“{role}”与成员类型不符：门户角色只给受托方人员，其他角色只给本组织人员。" / "请选择相符的角色。",
        en: "Role does not fit" / "The role {role} does not fit this kind of member: portal roles are for a subcontractor's people, the others for our own." / "Choose a role that fits.";

    // Documents and concurrency.
    NotFound = "not_found", 404,
        zh: "记录不存在" / "找不到该记录，或您无权查看。" / "请核对编号，或从列表中重新打开。",
        en: "Not found" / "There is no such record, or you may not see it." / "Check the identifier, or open the record from its list.";
    VersionRequired = "version_required", 428,
        zh: "缺少版本号" / "修改此记录须在 If-Match 中给出所读到的版本。" / "请先读取记录，再带上其版本提交。",
        en: "Version required" / "A change of this record needs the version you read, in If-Match." / "Read the record, then send its version along.";
    VersionStale = "version_stale", 412,
        zh: "记录已被他人修改" / "您基于版本 {given} 修改，而当前版本是 {current}。" / "请查看差异后基于最新版本再改。",
        en: "Changed by somebody else" / "You changed version {given}; the current one is {current}." / "Look at the difference and change the current version.";
    IdempotencyKeyReused = "idempotency_key_reused", 422,
        zh: "幂等键被重复使用" / "此幂等键已用于另一请求。" / "新的请求请使用新的幂等键。",
        en: "Idempotency key reused" / "This key was already used for another request." / "Use a new key for a new request.";
    CodeTaken = "code_taken", 409,
        zh: "代码已被占用" / "代码“{code}”已存在。" / "请换一个代码，或打开已有的记录。",
        en: "Code taken" / "The code {code} exists already." / "Choose another code, or open the record that has it.";
    ReferenceUnknown = "reference_unknown", 422,
        zh: "引用的记录不存在" / "引用的{what}不存在或已停用。" / "请重新选择。",
        en: "Reference unknown" / "The {what} referred to does not exist or is not active." / "Choose another one.";
    InUse = "in_use", 409,
        zh: "仍在使用" / "“{code}”仍被使用：{where}。" / "请先了结这些使用，再停用。",
        en: "Still in use" / "{code} is still in use: {where}." / "Finish those uses first, then deactivate it.";
    FieldFixed = "field_fixed", 409,
        zh: "字段已固定" / "“{field}”自首次使用后不能再改。" / "请新建一条记录。",
        en: "Field is fixed" / "{field} cannot be changed once the record has been used." / "Make a new record instead.";
    SystemMade = "system_made", 409,
        zh: "系统生成的记录" / "“{code}”由系统随往来单位或组织生成，不能手工修改。" / "请修改其所属的往来单位。",
        en: "Made by the system" / "{code} was made with its partner or organisation and is not edited by hand." / "Change the partner it belongs to.";
    StateForbids = "state_forbids", 409,
        zh: "当前状态不允许" / "{number} 处于“{state}”状态，不能执行此操作。" / "请刷新后查看可执行的操作。",
        en: "State does not allow it" / "{number} is {state}; this step is not possible from there." / "Reload to see which steps are open.";

    // Fields.
    FieldsInvalid = "fields_invalid", 422,
        zh: "部分字段无效" / "有 {count} 个字段需要修正。" / "请按各字段的提示修正。",
        en: "Some fields are not valid" / "Fields to correct: {count}." / "Correct each field as its note says.";
    FieldRequired = "field_required", 422,
        zh: "必填" / "此字段不能为空。" / "请填写此字段。",
        en: "Required" / "This field must not be empty." / "Fill it in.";
    FieldTooLong = "field_too_long", 422,
        zh: "过长" / "最多 {maximum} 个字符，现有 {length} 个。" / "请缩短。",
        en: "Too long" / "At most {maximum} characters; there are {length}." / "Shorten it.";
    FieldHasControlCharacters = "field_has_control_characters", 422,
        zh: "含控制字符" / "文本中含有不可见的控制字符。" / "请删除后重新输入。",
        en: "Control characters" / "The text contains invisible control characters." / "Remove them and enter it again.";
    FieldFormat = "field_format", 422,
        zh: "格式不符" / "格式应为：{expected}。" / "请按格式填写。",
        en: "Wrong format" / "The format is: {expected}." / "Enter it in that format.";
    FieldOutOfRange = "field_out_of_range", 422,
        zh: "超出范围" / "应在 {minimum} 与 {maximum} 之间。" / "请填写范围内的值。",
        en: "Out of range" / "It must lie between {minimum} and {maximum}." / "Enter a value in that range.";
    LinesMissing = "lines_missing", 422,
        zh: "没有明细行" / "至少需要一行，最多 {maximum} 行。" / "请增减明细行。",
        en: "No lines" / "There must be at least one line and at most {maximum}." / "Add or remove lines.";
    LineDuplicate = "line_duplicate", 422,
        zh: "明细行重复" / "“{what}”出现了多次。" / "请合并重复的行。",
        en: "Line appears twice" / "{what} appears more than once." / "Merge the lines.";
    QuantityNotPositive = "quantity_not_positive", 422,
        zh: "数量必须大于零" / "数量 {quantity} 不大于零。" / "请填写大于零的数量。",
        en: "Quantity must be positive" / "The quantity {quantity} is not greater than zero." / "Enter a quantity greater than zero.";
    QuantityNegative = "quantity_negative", 422,
        zh: "数量不能为负" / "数量 {quantity} 小于零。" / "请填写零或正数。",
        en: "Quantity is negative" / "The quantity {quantity} is less than zero." / "Enter zero or more.";
    QuantityTooLarge = "quantity_too_large", 422,
        zh: "数量过大" / "数量 {quantity} 超过上限 {maximum}。" / "请核对数量与单位。",
        en: "Quantity too large" / "The quantity {quantity} exceeds the limit of {maximum}." / "Check quantity and unit.";
    QuantityTooPrecise = "quantity_too_precise", 422,
        zh: "小数位过多" / "数量 {quantity} 的小数位超过该单位允许的 {places} 位。" / "请按单位的精度填写。",
        en: "Quantity too precise" / "The quantity {quantity} has more decimal places than the {places} its unit allows." / "Enter it as precisely as the unit allows.";
    UnitMismatch = "unit_mismatch", 422,
        zh: "单位不符" / "物料 {item} 的单位是 {expected}，收到的是 {given}。" / "请换算为物料的基本单位。",
        en: "Unit mismatch" / "The unit of item {item} is {expected}; {given} was given." / "Convert to the item's base unit.";
    DateOrderWrong = "date_order_wrong", 422,
        zh: "日期先后有误" / "{later} 必须晚于 {earlier}。" / "请核对日期。",
        en: "Dates in wrong order" / "{later} must be after {earlier}." / "Check the dates.";
    TimeInFuture = "time_in_future", 422,
        zh: "时间在将来" / "发生时间 {time} 晚于服务器时间。" / "请填写已发生的时间。",
        en: "Time lies in the future" / "The time {time} is later than the server's." / "Enter a time that has passed.";

    // Master data.
    GtinWrong = "gtin_wrong", 422,
        zh: "GTIN 无效" / "GTIN 应为 8、12、13 或 14 位数字，且校验位正确。" / "请核对 GTIN。",
        en: "GTIN not valid" / "A GTIN has 8, 12, 13 or 14 digits and a correct check digit." / "Check the GTIN.";
    BomSelfReference = "bom_self_reference", 422,
        zh: "物料清单引用自身" / "产出物料不能同时是组件。" / "请删除该组件行。",
        en: "Bill of material contains its product" / "The product cannot be its own component." / "Remove that line.";
    SupplyUnfit = "supply_unfit", 422,
        zh: "供料方式与物料类别不符" / "物料 {item} 的供料方式不能是“{supply}”：工装类物料只能按“工装”供料，其他物料不能。" / "请改选供料方式，或改正物料类别。",
        en: "Way of supply does not fit the item" / "Item {item} cannot be {supply}: tooling is supplied as tooling, and nothing else is." / "Choose another way of supply, or correct the kind of the item.";
    SupplyForbids = "supply_forbids", 422,
        zh: "供料方式不允许" / "物料 {item} 在委外订单 {number} 中为“{supply}”，不适用“{step}”。" / "甲供物料与工装由我方发料；直送由供应商送到受托方；自备由受托方在收货时申报批次；工装不耗用。",
        en: "Way of supply does not allow it" / "Item {item} of order {number} is {supply}; {step} is not for it." / "Consigned material and tooling are issued by us; drop-shipped material is delivered by its supplier; what the subcontractor provides is declared with the goods; tooling is never used up.";
    PartnerRoleMissing = "partner_role_missing", 422,
        zh: "未选择往来类型" / "往来单位至少是供应商、受托方或客户之一。" / "请勾选至少一项。",
        en: "Partner without a role" / "A partner is a supplier, a subcontractor or a customer." / "Tick at least one.";

    // Receiving and lots.
    LotCodeTaken = "lot_code_taken", 409,
        zh: "批号已存在" / "物料 {item} 已有批号 {lot}。" / "请使用新的批号。",
        en: "Lot number exists" / "Item {item} already has a lot {lot}." / "Use a new lot number.";
    LotRequired = "lot_required", 422,
        zh: "须填写批号" / "物料 {item} 按批次或序列号管理。" / "请填写批号，或留空由系统编号。",
        en: "Lot required" / "Item {item} is tracked by lot or serial number." / "Enter the lot, or leave it to be numbered.";
    LotNotTracked = "lot_not_tracked", 422,
        zh: "物料不按批次管理" / "物料 {item} 不追踪批次，不能填写批次信息。" / "请清空批次信息。",
        en: "Item has no lots" / "Item {item} is not tracked, so it takes no lot data." / "Leave the lot fields empty.";
    LotDecides = "lot_decides", 409,
        zh: "须按批次判定" / "该库存属于批次 {lot}，放行、冻结与解冻均对整批生效。" / "请在批次 {lot} 的页面上判定。",
        en: "Decided by lot" / "This stock is of lot {lot}; release and hold apply to the whole lot." / "Decide on the page of lot {lot}.";
    StockStatusForbids = "stock_status_forbids", 409,
        zh: "库存状态不允许" / "{item} 在 {location} 的库存处于“{status}”，不允许“{step}”。" / "待检的可放行或冻结，可用的可冻结，已冻结的可解冻；不合格品请返工、退回或报废。",
        en: "Stock status does not allow it" / "Stock of {item} at {location} is {status}; {step} is not allowed." / "Release or block what waits, block what is available, unblock what is blocked; what was rejected is reworked, returned or scrapped.";
    ProductNotTracked = "product_not_tracked", 422,
        zh: "产出物料未按批次管理" / "物料 {item} 不追踪批次；受托方产出的物料须按批次或序列号管理，才能追溯用料。" / "请将该物料改为按批次或序列号管理。",
        en: "Product has no lots" / "Item {item} is not tracked; what a subcontractor makes carries a lot or serial number, so that its material can be traced." / "Have the item tracked by lot or serial number.";
    SerialQuantityNotOne = "serial_quantity_not_one", 422,
        zh: "序列号数量须为一" / "物料 {item} 按序列号管理，每行数量须为 1。" / "请一个序列号填一行。",
        en: "Serial quantity must be one" / "Item {item} is tracked by serial number, so each line has quantity 1." / "Use one line for each serial number.";
    SerialCountDiffers = "serial_count_differs", 422,
        zh: "序列号个数与数量不符" / "数量为 {quantity}，给出了 {count} 个序列号。" / "请使序列号个数与数量一致。",
        en: "Number of serials differs from the quantity" / "The quantity is {quantity}; {count} serial numbers are named." / "Name as many serial numbers as the quantity says.";
    ExpiryRequired = "expiry_required", 422,
        zh: "须填写有效期" / "物料 {item} 有保质期，须给出生产日期或有效期。" / "请填写其中一个日期。",
        en: "Expiry required" / "Item {item} has a shelf life, so the date of manufacture or of expiry is needed." / "Enter one of the two dates.";
    LocationUnfit = "location_unfit", 422,
        zh: "库位不适用" / "库位 {location} 的类型不适用于此操作。" / "请选择适用的库位。",
        en: "Location does not fit" / "The kind of location {location} does not fit this step." / "Choose a location that fits.";
    LotStatusForbids = "lot_status_forbids", 409,
        zh: "批次状态不允许" / "批次 {lot} 处于“{status}”状态，不允许“{step}”。" / "请由质量人员处理该批次后再操作。",
        en: "Lot status does not allow it" / "Lot {lot} is {status}; {step} is not allowed." / "Quality must deal with the lot first.";
    LotExpired = "lot_expired", 409,
        zh: "批次已过有效期" / "批次 {lot} 的有效期至 {expires_on}。" / "请改用未过期的批次；过期批次由质量人员处置。",
        en: "Lot expired" / "Lot {lot} expired on {expires_on}." / "Use a lot that has not expired; quality decides about this one.";
    ReasonRequired = "reason_required", 422,
        zh: "须填写原因" / "此操作须说明原因，至少 {minimum} 个字符。" / "请填写原因。",
        en: "Reason required" / "This step needs a reason of at least {minimum} characters." / "Enter the reason.";
    LaterMovementExists = "later_movement_exists", 409,
        zh: "已有后续业务" / "{number} 之后已有其他业务动用了其中的库存：{documents}。" / "请先冲销后续业务。",
        en: "Something later depends on it" / "Later documents used stock from {number}: {documents}." / "Reverse those first.";

    // Ledger.
    StockInsufficient = "stock_insufficient", 409,
        zh: "可用数量不足" / "{item} 批次 {lot} 在 {location} 可动用 {available}，需要 {requested}。" / "请减少数量、改用其他批次，或等待补货与放行。",
        en: "Not enough stock" / "{item} lot {lot} at {location} has {available} to use; {requested} is needed." / "Take less, use another lot, or wait for receipt and release.";
    StockInsufficientThen = "stock_insufficient_then", 409,
        zh: "补录时间的可用数量不足" / "自 {time} 起，{item} 批次 {lot} 在 {location} 最少时只有 {available} 可动用，需要 {requested}。" / "请核对发生时间；当时尚未入库或之后已动用的，不能补录到更早。",
        en: "Not enough stock at that time" / "Since {time}, {item} lot {lot} at {location} had as little as {available} to use; {requested} is needed." / "Check when it happened: what was not there yet, or was used since, cannot be taken earlier.";
    ReservationShort = "reservation_short", 409,
        zh: "可预留数量不足" / "{item} 现可预留 {available}，需要 {requested}。已被占用：{holders}。其中可由更高优先级占用 {takeable}。" / "请减少数量或等待补货与放行；确属紧急的，可说明原因占用普通预留。",
        en: "Not enough to reserve" / "{item}: {available} is free, {requested} is needed. Held by: {holders}. A more urgent request could take over {takeable}." / "Reserve less, or wait for receipt and release; what is urgent can take over normal reservations, with a reason.";
    ReservationExceedsNeed = "reservation_exceeds_need", 409,
        zh: "超出仍需数量" / "{number} 仍需 {item} {needed}，已预留 {reserved}，不能再预留 {requested}。" / "请减少数量，或先取消已有预留。",
        en: "More than is needed" / "{number} still needs {needed} of {item}, and {reserved} is reserved; {requested} more cannot be." / "Reserve less, or cancel a reservation first.";
    TakeOverNotUrgent = "take_over_not_urgent", 409,
        zh: "只有紧急预留可以占用" / "普通优先级的预留不能占用他人的预留。" / "请改为紧急并说明原因，或等待对方到期、取消。",
        en: "Only what is urgent takes over" / "A reservation of normal priority cannot take over another one." / "Make it urgent with a reason, or wait until the other one lapses or is cancelled.";
    ReservationOfPick = "reservation_of_pick", 409,
        zh: "属于拣货任务的预留" / "该预留属于拣货任务 {number}，不能单独取消或占用。" / "请在拣货任务中释放缺货行或取消任务。",
        en: "Reservation of a pick task" / "The reservation belongs to pick task {number} and is not cancelled or taken over by itself." / "Release its lines or cancel the task there.";
    MovementForbidden = "movement_forbidden", 409,
        zh: "不允许的移动" / "“{kind}”不能从 {from} 移到 {to}。" / "请选择该移动类型允许的库位。",
        en: "Movement not allowed" / "{kind} does not go from {from} to {to}." / "Choose locations that this kind of movement allows.";
    PeriodClosed = "period_closed", 409,
        zh: "月份已关账" / "{month} 已关账，不能再过账到该月。" / "请填写未关账月份内的发生时间，在备注中写明实际发生日期；该笔将标为补录。",
        en: "Month closed" / "{month} is closed; nothing can be posted into it any more." / "Give a time in an open month and say in the remark when it really happened.";
    ReversalPeriodClosed = "reversal_period_closed", 409,
        zh: "原业务所在月份已关账" / "{number} 发生在已关账的 {month}，不能再冲销。" / "请在未关账月份内另开单据更正：盘点、退料、报废或移库，并在备注中写明 {number}。",
        en: "Its month is closed" / "{number} happened in {month}, which is closed; it cannot be reversed any more." / "Correct it by a document of an open month (a count, return, scrap or move) and name {number} in its remark.";
    SerialElsewhere = "serial_elsewhere", 409,
        zh: "序列号在别处" / "{item} 的序列号 {lot} 现在 {elsewhere}，不能同时在 {location}。" / "请核对标签；确有其物时，先按账上所在之处办理移出。",
        en: "Serial number is elsewhere" / "Serial number {lot} of {item} stands at {elsewhere}; it cannot be at {location} too." / "Check the label; when it is really here, first move it out of where the books have it.";
    CountOutdated = "count_outdated", 409,
        zh: "盘点已过时" / "{number} 盘点之后，{other} 已调整了同一库存的账面数量；再过账会重复调整。" / "请退回 {number}，重新盘点。",
        en: "Count overtaken" / "After {number} was counted, {other} corrected the books of the same stock; posting it would correct them twice." / "Return {number} and count again.";
    AlreadyReversed = "already_reversed", 409,
        zh: "已冲销" / "{number} 已经冲销。" / "无需再次冲销。",
        en: "Already reversed" / "{number} has been reversed already." / "It need not be reversed again.";

    // Orders, requisitions, approval.
    BomNotActive = "bom_not_active", 409,
        zh: "没有生效的物料清单" / "产品 {product} 的工序 {operation} 没有生效版次的物料清单。" / "请先使一个版次生效。",
        en: "No active bill of material" / "There is no active revision for product {product} and operation {operation}." / "Activate a revision first.";
    OrderNotOpen = "order_not_open", 409,
        zh: "订单不在执行中" / "委外订单 {number} 处于“{state}”，不在执行中。" / "草稿请先下达；已关闭或已取消的订单不再接收任何业务，请记在执行中的订单上。",
        en: "Order not open" / "Subcontract order {number} is {state}, not open." / "Open a draft first; a closed or cancelled order takes nothing more: use an order that is open.";
    OrderHasIssues = "order_has_issues", 409,
        zh: "订单已有发料" / "委外订单 {number} 已有未了结的申请或发料。" / "请先撤回或冲销。",
        en: "Order has issues" / "Subcontract order {number} has requisitions or issues that are not finished." / "Withdraw or reverse them first.";
    ItemNotInOrder = "item_not_in_order", 422,
        zh: "物料不在订单用料清单中" / "物料 {item} 不在委外订单 {number} 的用料清单中。" / "请只申请清单中的物料。",
        en: "Item not in the order" / "Item {item} is not in the component list of order {number}." / "Request only items of that list.";
    IssueExceedsRequirement = "issue_exceeds_requirement", 409,
        zh: "超出订单用量" / "{item} 已发与已申请 {committed}，再申请 {requested} 将超过订单允许的 {allowed}。" / "请减少数量；确需超发请走补料。",
        en: "More than the order needs" / "{committed} of {item} is issued or requested; {requested} more would exceed the {allowed} that the order allows." / "Request less; what is truly needed beyond it is a supplement issue.";
    RequisitionNotApproved = "requisition_not_approved", 409,
        zh: "申请未批准" / "发料申请 {number} 尚未批准。" / "请等待审批人批准。",
        en: "Requisition not approved" / "Requisition {number} is not approved." / "Wait for the approver.";
    ApproverIsRequester = "approver_is_requester", 409,
        zh: "不能审批自己的申请" / "{number} 由您提出，须由他人审批（职责分离）。" / "请由另一名审批人处理。",
        en: "Requester cannot approve" / "You requested {number}; somebody else must decide (segregation of duties)." / "Another approver must decide.";
    AlreadyDecided = "already_decided", 409,
        zh: "已有审批结论" / "{number} 已由 {person} 处理：{state}。" / "请刷新收件箱。",
        en: "Already decided" / "{person} has decided on {number}: {state}." / "Reload the inbox.";
    StepMovedOn = "step_moved_on", 409,
        zh: "该节点已不再等待" / "{number} 的节点“{step}”现在不等待处理：{decided}。" / "请刷新收件箱查看当前节点。",
        en: "The step does not wait any more" / "Step “{step}” of {number} does not wait for anybody now: {decided}." / "Reload the inbox to see where it stands.";
    NotAsked = "not_asked", 409,
        zh: "未请您处理" / "{number} 的节点“{step}”没有等待您的处理，或您已处理过。" / "请由被请求的人员处理；也可请其转交或加签给您。",
        en: "You are not asked" / "Step “{step}” of {number} does not wait for you, or you have decided." / "Whoever is asked decides; they can pass it on to you or have you agree as well.";
    DutiesApart = "duties_apart", 409,
        zh: "职责须分离" / "同一人不能在 {number} 上既{held}又{wanted}。" / "请由另一名具备权限的人员处理。",
        en: "Duties stand apart" / "On {number} nobody who did “{held}” may do “{wanted}” as well." / "Somebody else with the right must do it.";
    PersonNotEligible = "person_not_eligible", 422,
        zh: "此人不能处理" / "{person} 没有处理 {number} 所需的权限，或不属于应处理的一方。" / "请选择具备权限的在岗成员，或请管理员授权。",
        en: "This person cannot decide" / "{person} lacks the right to decide on {number}, or is on the other side." / "Choose an active member who has the right, or have an administrator grant it.";
    PersonAlreadyAsked = "person_already_asked", 409,
        zh: "此人已被请求" / "{person} 在 {number} 的节点“{step}”已被请求。" / "请选择其他人员。",
        en: "This person is asked already" / "{person} is asked at step “{step}” of {number} already." / "Choose somebody else.";
    StepNotDelegable = "step_not_delegable", 409,
        zh: "该节点不可转交" / "流程未允许转交 {number} 的节点“{step}”。" / "请自行处理；外出时由管理员登记代理。",
        en: "This step cannot be passed on" / "The flow does not let step “{step}” of {number} be passed on." / "Decide yourself; when you are away, a stand-in is asked.";
    StepNotBefore = "step_not_before", 422,
        zh: "不能退回到该节点" / "{number} 不能从“{step}”退回到“{back_to}”：它不在其前，或尚未处理。" / "请选择之前已处理的节点，或退回申请人。",
        en: "It cannot go back there" / "{number} cannot go back from “{step}” to “{back_to}”: that step did not come before, or was not decided." / "Choose a step that was decided before, or send it back to whoever asked.";
    FlowFlawed = "flow_flawed", 409,
        zh: "审批流有错误" / "审批流“{flow}”有 {count} 处错误：{flaws}。" / "请在流程图中改正所标节点后再提交。",
        en: "The flow has flaws" / "Flow “{flow}” has {count} flaws: {flaws}." / "Correct the steps that are marked in the drawing and submit it again.";
    StandInUnfit = "stand_in_unfit", 422,
        zh: "代理人不合适" / "代理人须是本组织另一名在岗成员，且与外出人员属同一方。" / "请选择其他人员，或不设代理人。",
        en: "Stand-in is not fit" / "A stand-in is another active member of the organisation, on the same side." / "Choose somebody else, or nobody.";
    AbsenceTooLong = "absence_too_long", 422,
        zh: "外出时间过长" / "外出登记至多 {days} 天。" / "请缩短时间；长期离岗请停用成员。",
        en: "Absence is too long" / "A time of being away is {days} days at most." / "Shorten it; a member who has left is deactivated.";

    // Reconciliation.
    OrderNotSettled = "order_not_settled", 409,
        zh: "订单未核销完" / "{number} 尚有未核销：{residuals}。" / "请退料、报废、转出或申报耗用，处理在途与索赔后再关闭；耗用低于标准的，在备注中说明原因。",
        en: "Order not settled" / "{number} still has to account for: {residuals}." / "Return, scrap, transfer or declare as used what is left, settle what is on the way and the claims, then close it; say in the remark why less was used than the standard.";
    ClaimSettled = "claim_settled", 409,
        zh: "索赔已处理" / "{number} 已处理。" / "如处理有误，请用盘点或退料更正。",
        en: "Claim settled" / "{number} has been settled." / "If that was wrong, correct it by a count or a return.";
    ClaimNotInBooks = "claim_not_in_books", 409,
        zh: "多收数量未入账" / "{number} 是多收，未入账，不能转入库存。" / "请选择“核销损失”结案，并另行盘点确认。",
        en: "Surplus is not in the books" / "{number} is a surplus that was never posted; nothing can be moved." / "Settle it as written off, and count the stock.";
    PeriodNotOver = "period_not_over", 409,
        zh: "月份未结束" / "{month} 尚未结束，不能关账。" / "请在次月关账。",
        en: "Month not over" / "{month} is not over and cannot be closed." / "Close it in the month after.";

    // Picking by scan.
    ScanUnreadable = "scan_unreadable", 422,
        zh: "扫描内容无法识别" / "扫描内容无法解析：{reason}。" / "请重新扫描，或手工输入批号。",
        en: "Scan cannot be read" / "The scan cannot be decoded: {reason}." / "Scan again, or type the lot number.";
    ScanWrongItem = "scan_wrong_item", 409,
        zh: "物料不符" / "扫到的是 {scanned}，与所需物料不符。" / "请放回，并取所列物料。",
        en: "Wrong item" / "The label says {scanned}, which is not needed here." / "Put it back and take what is listed.";
    ScanUnknownLot = "scan_unknown_lot", 409,
        zh: "批次不存在" / "没有任何批次的批号是 {lot}。" / "请核对标签；未收货的批次须先收货。",
        en: "Lot unknown" / "No lot has the number {lot}." / "Check the label; a lot must be received first.";
    ScanAmbiguousLot = "scan_ambiguous_lot", 409,
        zh: "批号不唯一" / "批号 {lot} 属于多个物料。" / "请扫描含 GTIN 的标签，或先选中行。",
        en: "Lot number not unique" / "The lot number {lot} belongs to more than one item." / "Scan a label with a GTIN, or choose the line first.";
    ScanWrongLot = "scan_wrong_lot", 409,
        zh: "批次不符" / "此行应取批次 {expected}（先到期先出），扫到的是 {lot}。" / "请取建议批次；确需换批请填写原因。",
        en: "Wrong lot" / "This line takes lot {expected} (first expired, first out); the label says {lot}." / "Take the proposed lot, or give a reason for another one.";
    ScanOnHold = "scan_on_hold", 409,
        zh: "批次被冻结" / "批次 {lot} 处于“{status}”，不得发出。" / "请放回；放行由质量人员决定。",
        en: "Lot on hold" / "Lot {lot} is {status} and must not leave." / "Put it back; quality decides about its release.";
    ScanAlreadyPicked = "scan_already_picked", 409,
        zh: "已拣过" / "批次 {lot} 的行已确认过。" / "请扫描下一行。",
        en: "Already picked" / "The line for lot {lot} is confirmed already." / "Scan the next line.";
    ScanQuantityMismatch = "scan_quantity_mismatch", 409,
        zh: "数量不符" / "标签数量 {scanned} 与应取数量 {expected} 不符。" / "请核对实物；只取 {expected} 时请确认数量。",
        en: "Quantity differs" / "The label says {scanned}; the line takes {expected}." / "Check the goods; when only {expected} is taken, confirm that quantity.";
    PickIncomplete = "pick_incomplete", 409,
        zh: "拣货未完成" / "还有 {count} 行未扫描确认。" / "请扫描剩余的行，或释放缺料的行。",
        en: "Picking not complete" / "{count} lines are not confirmed by scan." / "Scan the remaining lines, or release those that are short.";
    NothingToPick = "nothing_to_pick", 409,
        zh: "无可拣库存" / "申请 {number} 的物料目前都没有可用库存。" / "请等待收货与放行。",
        en: "Nothing to pick" / "None of the items of {number} has available stock." / "Wait for receipt and release.";

    // Delivery and confirmation.
    AlreadyConfirmed = "already_confirmed", 409,
        zh: "已签收" / "{number} 已由受托方签收。" / "差异请走索赔，退回请走退料。",
        en: "Already confirmed" / "The subcontractor has confirmed {number}." / "Differences go through the claim, returns through a return.";
    CountIncomplete = "count_incomplete", 422,
        zh: "清点不完整" / "送货单的每一行都要清点：缺少第 {lines} 行。" / "请补齐清点。",
        en: "Count not complete" / "Every line of the delivery is counted: lines {lines} are missing." / "Count the missing lines.";
    DifferenceRemarkRequired = "difference_remark_required", 422,
        zh: "差异须说明" / "第 {line} 行与发出数量不符，须填写说明。" / "请填写说明，最好附照片。",
        en: "Difference needs a remark" / "Line {line} differs from what was sent and needs a remark." / "Write a remark, best with a photo.";
    FileTypeUnsupported = "file_type_unsupported", 415,
        zh: "文件类型不支持" / "此处只接受 {expected} 文件，所选文件的内容不是。" / "请拍照，或选择所列类型的文件。",
        en: "File type not supported" / "The content is none of these: {expected}." / "Take a photo, or choose a file of a type named.";
    AttachmentsTooMany = "attachments_too_many", 409,
        zh: "附件过多" / "每张单据最多 {maximum} 个附件。" / "已达上限，请只附必要的文件。",
        en: "Too many files" / "A document holds at most {maximum} files." / "Lay only those that are needed.";
    EvidenceNotTaken = "evidence_not_taken", 409,
        zh: "此类单据不附凭证" / "{number} 这类单据既不要求凭证，也不经审批，不能附文件。" / "请把文件附到报废、退料、超耗或盘点等单据上。",
        en: "No evidence on this kind of document" / "{number} is of a kind that needs neither evidence nor an approval; no file is laid to it." / "Lay it to scrap, a return, over-consumption or a count.";

    // Contracts.
    ClauseRefuses = "clause_refuses", 409,
        zh: "合同条款不允许" / "{agreement} 第 {clause} 条“{text}”（{kind}，{subject}）：现为 {figure_now} {unit}，此后为 {figure_after} {unit}，条款限值 {limit} {unit}。" / "{way_out}",
        en: "A clause does not allow it" / "{agreement} clause {clause}, “{text}” ({kind}, {subject}): now {figure_now} {unit}, afterwards {figure_after} {unit}; the clause sets {limit} {unit}." / "{way_out}";
    ClauseNotOverridable = "clause_not_overridable", 409,
        zh: "条款不可豁免" / "第 {number} 条未约定可经批准豁免。" / "请按条款办理，或修订协议后将订单改用新版本。",
        en: "Clause cannot be overridden" / "Clause {number} does not provide for an override." / "Act as it says, or amend the agreement and move the order to the new version.";
    TransferNotAgreed = "transfer_not_agreed", 409,
        zh: "暂不能交接" / "{number} 暂不能交接：委托方与接收方的约定不允许。" / "请保留物料并联系委托方。",
        en: "Cannot be handed over now" / "{number} cannot be handed over: what the maker agreed on with the receiver does not allow it." / "Keep the material and ask the maker.";
    AgreementsCurrent = "agreements_current", 409,
        zh: "已是现行版本" / "委外订单 {number} 已适用全部现行协议版本。" / "无需变更。",
        en: "Already on the versions in force" / "Order {number} runs under all agreement versions in force." / "It need not be moved.";

    // Finished goods and genealogy.
    CustodyInsufficient = "custody_insufficient", 409,
        zh: "受托方在外数量不足" / "{item} 批次 {lot} 在该委外订单名下只有 {available}，申报了 {requested}。" / "请核对批次与数量；确有更多物料时先签收、转料或盘点。",
        en: "Not enough in custody" / "{item} lot {lot}: the subcontractor holds {available} on this order; {requested} was declared." / "Check lot and quantity; when more is really there, confirm the delivery, transfer or count first.";
    ToolMissing = "tool_missing", 409,
        zh: "工装不在此订单" / "委外订单 {number} 需要工装 {item}，但受托方处没有挂在此订单上的该工装。" / "请先发出该工装，或从其他订单转入。",
        en: "Tool is not on this order" / "Order {number} needs tool {item}, and none stands at the subcontractor on this order." / "Issue the tool, or transfer it from another order.";
    ToolUnnamed = "tool_unnamed", 409,
        zh: "须指明所用工装" / "委外订单 {number} 上有 {count} 件工装 {item}。" / "请指明使用了哪一件、各多少次。",
        en: "Say which tool was used" / "{count} pieces of tool {item} stand on order {number}." / "Say which of them was used, and how often.";
    ToolUsesTooFew = "tool_uses_too_few", 422,
        zh: "工装次数不足" / "此数量至少使用工装 {item} {needed} 次，申报了 {given} 次。" / "请按实际使用次数填写。",
        en: "Too few uses of the tool" / "The quantity takes tool {item} at least {needed} times; {given} were said." / "Say how often it was really used.";
    ToolWorn = "tool_worn", 409,
        zh: "工装寿命已尽" / "工装 {serial} 的寿命为 {life} 次，此后将为 {after} 次。" / "请由质量或维护人员检验后延寿或清零，再继续。",
        en: "Tool is worn out" / "Tool {serial} may be used {life} times; it would be {after}." / "Quality or maintenance inspects it and extends or resets its life first.";
    NotATool = "not_a_tool", 409,
        zh: "不是有寿命的工装" / "批次 {lot} 不是按序列号管理的工装。" / "请选择工装。",
        en: "Not a tool with a life" / "Lot {lot} is no tool with a serial number." / "Choose a tool.";
    GenealogyCycle = "genealogy_cycle", 409,
        zh: "批次谱系成环" / "第 {line} 行会使批次成为自身的来源。" / "请核对所用批次与产出批次。",
        en: "Genealogy would be a cycle" / "Line {line} would make a lot its own origin." / "Check the lot used and the lot made.";
    TraceIncomplete = "trace_incomplete", 409,
        zh: "追溯不完整" / "批次 {lot} 的追溯完整率为 {percent}%（{required} 项必备事实中有 {present} 项），放行需要 {threshold}%。缺少：{missing}。" / "请补齐所缺事实，或由管理员调整放行门槛。",
        en: "Genealogy is incomplete" / "Lot {lot} has {percent}% of its genealogy ({present} of {required} facts); a release needs {threshold}%. Missing: {missing}." / "Supply what is missing, or have an administrator change the threshold.";
    FinishedLotForeign = "finished_lot_foreign", 409,
        zh: "批号属于其他来源" / "批号 {lot} 已用于物料 {item} 的其他来源或已检批次。" / "请使用新批号；只有同一订单且待检的批次可以追加。",
        en: "Lot number has another origin" / "Lot number {lot} of {item} is in use for goods of another origin, or quality has decided about it." / "Use another lot number; only a lot of the same order that waits for quality is added to.";

    // The record.
    EventUnsealed = "event_unsealed", 409,
        zh: "事件尚未封存" / "该事件正在等待写入记录日志。" / "请稍候一两秒再取凭证；持续如此时请查看记录状态。",
        en: "Event is not sealed yet" / "The event waits for its place in the record's log." / "Ask again in a second or two; if it stays so, look at how the record stands.";

    // Material documents.
    FieldNotAllowed = "field_not_allowed", 422,
        zh: "此处不应填写" / "此类单据没有该字段。" / "请留空。",
        en: "Field does not belong here" / "A document of this kind has no such field." / "Leave it out.";
    ReturnExceedsSent = "return_exceeds_sent", 422,
        zh: "实收多于发出" / "单据发出 {sent}，清点为 {received}。" / "请复核；确有更多时由发出方另开单据。",
        en: "More arrived than was sent" / "{sent} was sent; {received} was counted." / "Count again; for more, the sender writes another document.";
    NothingMade = "nothing_made", 422,
        zh: "缺少投入或产出" / "生产与换包单至少要有一行投入（out）和一行产出（in）。" / "请补上缺少的一边。",
        en: "Nothing taken or nothing made" / "Production and repacking need at least one line that is taken (out) and one that is made (in)." / "Add the side that is missing.";
    RepackUnequal = "repack_unequal", 422,
        zh: "换包前后不一致" / "取出 {taken}，装入 {made}；分批、合批、换标须为同一物料、同一库位、同一状态，数量不变。" / "请修正各行；有损耗时另开报废单。",
        en: "Repacking changes what it must not" / "{taken} is taken, {made} is made; splitting, merging and relabelling keep item, place, status and quantity." / "Correct the lines; write what is lost on a scrap document.";
    RepackStatusMixed = "repack_status_mixed", 409,
        zh: "批次状态不一致" / "批次 {lot} 处于“{status}”状态，与其他被合并批次不同。" / "请只合并状态相同的批次。",
        en: "Lots of different status" / "Lot {lot} is {status}, unlike the others." / "Merge only lots of one status.";
    RulingExceedsOver = "ruling_exceeds_over", 409,
        zh: "裁定数量超过超耗" / "{item} 已申报的超耗为 {over}，裁定 {ruled}。" / "请按已申报的超耗裁定；尚未申报的用量请不要勾选“已申报”。",
        en: "More ruled on than was used too much" / "{over} of {item} was declared beyond what is allowed; {ruled} is ruled on." / "Rule on what was declared; do not mark use that was not declared yet.";
    LotPriceUnknown = "lot_price_unknown", 409,
        zh: "批次没有单价" / "{item} 批次 {lot} 没有单价，无法算出应由受托方承担的金额。" / "请改判由本方承担，或另行商定金额后记入订单费用。",
        en: "Lot without a price" / "Lot {lot} of {item} has no price, so what the subcontractor would bear cannot be worked out." / "Rule that we bear it ourselves, or agree on an amount and enter it as a cost of the order.";
    LotsNotCounted = "lots_not_counted", 422,
        zh: "有批次未盘点" / "以下在外批次没有盘点数：{lots}。" / "请逐一盘点；没有实物时填 0。",
        en: "Lots not counted" / "These lots stand in custody and were not counted: {lots}." / "Count each; enter 0 for what is not there.";

    // Recalls.
    RecallSeedless = "recall_seedless", 422,
        zh: "没有符合条件的批次" / "所选条件没有找到任何批次。" / "请核对批号、序列号区间、供应商批号、证书号或时段。",
        en: "No lot fits" / "The criteria find no lot." / "Check the lots, serial numbers, supplier lot, certificate or time.";
    RecallNothingToHold = "recall_nothing_to_hold", 409,
        zh: "没有待控制的批次" / "召回 {number} 范围内没有尚未控制的批次。" / "如有新的来源，请先重新圈定范围；仅“可能”的批次须勾选后才控制。",
        en: "Nothing to hold" / "Every lot that recall {number} would hold is held." / "Look for affected lots again; lots that are only possible are held when you say so.";
    RecallLotNotHeld = "recall_lot_not_held", 409,
        zh: "批次未被此召回控制" / "批次 {lot} 不在 {number} 的控制之下。" / "请从召回的涉及批次中选择。",
        en: "Lot not held by this recall" / "Lot {lot} is not held by {number}." / "Choose among the lots that the recall holds.";
    RecallResidual = "recall_residual", 409,
        zh: "尚有未查明去向的数量" / "{number} 尚未查明：{residuals}。" / "请催促回执与退回、登记销毁与客户答复；确实无法查明的，填写原因后结案。",
        en: "Not everything is located" / "{number} still has to locate: {residuals}." / "Ask for acknowledgements and returns, post what is destroyed and what customers answer; say why what cannot be located cannot, and close it then.";
    RecallNoticesOpen = "recall_notices_open", 409,
        zh: "尚有客户未通知" / "以下召回通知尚未发出：{numbers}。" / "请发出通知并登记凭据。",
        en: "Customers not told yet" / "These notices were not sent: {numbers}." / "Send them, and write down what proves it.";
    RecallPhotoMissing = "recall_photo_missing", 409,
        zh: "缺少隔离照片" / "{number} 的回执须附隔离存放的照片。" / "请拍摄隔离后的实物上传后再提交。",
        en: "Photo missing" / "Acknowledging {number} needs a photo of what was set apart." / "Take a picture of it, then acknowledge.";
    DrillWithoutLots = "drill_without_lots", 409,
        zh: "没有可抽取的批次" / "组织内还没有任何批次，无法演练。" / "请先收货或收成品。",
        en: "No lot to draw" / "There is no lot yet that a drill could draw." / "Receive something first.";
}
