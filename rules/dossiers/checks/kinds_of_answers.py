"""What can be found about answers: cell by cell, in a row, a table, between annexes and villages."""

from __future__ import annotations

from collections.abc import Mapping

from rules.dossiers.checks.kind import APART, WHERE, FindingKind

OF_ANSWERS: Mapping[str, FindingKind] = {
    "other_place": FindingKind(
        "cell",
        "error",
        WHERE + "{title}填的是“{value}”，这份材料应是“{expected}”的。请核对是否用了别处的表，并改正此格。",
        "可以带上县(市)和乡镇的名称，也可以写代码。",
    ),
    "place_unclear": FindingKind(
        "cell",
        "warning",
        WHERE + "{title}填的是“{value}”，看不出是“{expected}”。请核对，并改成“{expected}”。",
    ),
    "question_missing": FindingKind(
        "cell",
        "error",
        "“{sheet}”里找不到项目{title}（{instead}）。请把项目名称（附件1是编号）改回模板的写法，删掉的行从模板补上，"
        "并填写。",
        "附件3、附件4靠项目名称认出各格，附件1靠编号。一票否决、加分和选填的项目也不要删。",
    ),
    "optional_question_missing": FindingKind(
        "cell",
        "warning",
        "“{sheet}”里找不到选填项目{title}（{instead}）。请把项目名称改回模板的写法，删掉的行从模板补上；没有内容的可以空着。",
    ),
    "says_nothing": FindingKind(
        "cell",
        "error",
        WHERE + "{title}填的是“{value}”，等于没有填写。请写明实际内容。",
        "“无”、“/”、“-”、“同上”、“nan”之类不算内容，也不算情况说明。",
    ),
    "text_longer": FindingKind(
        "cell",
        "warning",
        WHERE + "{title}有{value}个字，超过{limit}字。请精简；确需保留的另附材料。",
    ),
    "number_too_large": FindingKind(
        "cell",
        "warning",
        WHERE + "{title}填的是“{value}”，超过{limit}。请核对，填错的请改正。",
    ),
    "required_blank": FindingKind(
        "cell", "error", WHERE + "{title}没有填写。请补填。", "黄色的列和格都要填。"
    ),
    "cell_error": FindingKind(
        "cell",
        "error",
        WHERE + "{title}的公式出错。请改为直接填写内容。",
        "如#REF!、#DIV/0!、#N/A，多半是删了别的单元格。",
    ),
    "formula_uncalculated": FindingKind(
        "cell",
        "error",
        WHERE + "{title}是公式但没有计算结果。请在Excel或WPS中打开、保存后再上传。",
        "用程序或转换工具生成的文件里，公式没有算过，读不到结果。",
    ),
    "choice_unknown": FindingKind(
        "cell",
        "error",
        WHERE + "{title}填的是“{value}”。请从下拉选项中选择：{choices}。",
        "全角半角、前后空格没有关系，用词须与选项一致。",
    ),
    "choices_unknown": FindingKind(
        "cell",
        "error",
        WHERE + "{title}填的是“{value}”，有不在选项中的内容。可选（多项用、隔开）：{choices}。",
        "多项之间用顿号、逗号或分号隔开。",
    ),
    "date_unreadable": FindingKind(
        "cell",
        "error",
        WHERE + "{title}“{value}”不是日期。请按2020-10-20的格式填写。",
        "也认2020.10.20、2020/10/20、20201020、2020年10月20日。",
    ),
    "date_out_of_range": FindingKind(
        "cell", "error", WHERE + "{title}“{value}”不在{expected}之间。请核对并改正日期。"
    ),
    "integer_unreadable": FindingKind(
        "cell",
        "error",
        WHERE + "{title}“{value}”不是整数。请填写不小于0的整数，不写单位。",
        "不要写单位(如“85人”)，也不要用中文数字。",
    ),
    "number_unreadable": FindingKind(
        "cell",
        "error",
        WHERE + "{title}“{value}”不是数字。请填写不小于0的数字，不写单位。",
        "不要写单位(如“85分”)，也不要用中文数字。",
    ),
    "id_truncated": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）在Excel中被截断。请把该列改为文本格式，对照证件重新填写。",
        "Excel的数字只保留15位，身份证号按数字输入，末三位就丢了，看起来像1.1E+17或以000结尾。少数截断后的号码校验码碰巧是对的，所以凡按数字存的一律要重填。",
    ),
    "id_fifteen_digits": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）是15位旧号。请按现用证件填写18位号码。",
        "15位号码2013年起停用。补位换算会出错，所以不自动换算。",
    ),
    "id_characters": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）含有数字和X以外的字符。请对照证件重新填写。",
        "常见的是字母O代替0、汉字、括号。",
    ),
    "id_masked_alone": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）带星号，但这一行不是模板预填的，无法还原。请填写完整的身份证号。",
        "预填的行在最后一个隐藏列里有行标识；新增的、复制到别处的行没有。",
    ),
    "id_masked_unknown": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）带星号，但找不到它对应的往年名单，无法还原。请填写完整的身份证号。",
        "行标识被改动，来自别的社区(村)，或往年名单已按保存期限删除；可以重新下载预填的模板。",
    ),
    "id_masked_changed": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）与预填的不同，无法还原。换了人或号码有误的，请填写完整的身份证号。",
        "带星号的号码不能修改。只对部分列排序也会使号码与人对不上：请撤消，选中整表后再排序。",
    ),
    "id_masked_renamed": FindingKind(
        "cell",
        "error",
        WHERE
        + "这一行的姓名与预填的不同，不能沿用往年的身份证号（{value}）。请核对姓名，或填写完整的身份证号。",
        "改过姓名、换了人，或只对部分列排过序，都会这样。",
    ),
    "id_length": FindingKind("cell", "error", WHERE + "身份证号（{value}）不是18位。请对照证件重新填写。"),
    "id_birth_date": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）中的出生日期不对（{how}）。请对照证件重新填写。",
        "没有这一天、在调查日之后，或者到调查日已超过120岁。",
    ),
    "id_is_phone": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）像是手机号码。请核对是否填错了列，并填写身份证号。",
    ),
    "id_check_digit": FindingKind(
        "cell",
        "error",
        WHERE + "身份证号（{value}）校验码不符，可能有一位填错。请对照证件核对并改正。",
        "最后一位由前17位算出(GB 11643)，不符说明至少有一位错了。",
    ),
    "id_trailing_zeros": FindingKind(
        "cell",
        "warning",
        WHERE + "身份证号（{value}）末三位是000，可能被Excel改动过。请对照证件核对，无误则不必修改。",
        "末三位本来就是000的人极少，多半是被Excel截断后又改成了文本。",
    ),
    "id_corrected": FindingKind(
        "cell",
        "corrected",
        WHERE + "身份证号（{value}）已自动整理：{corrections}。请核对，无误则不必修改。",
        "全角、空格、横线、小写x和看不见的字符自动整理，不必修改。",
    ),
    "claim_blank": FindingKind(
        "cell",
        "error",
        WHERE + "{title}没有填写。请填例数（人数），没有的填0。",
        "扣分项空着不等于没有扣分情形。",
    ),
    "claim_unreadable": FindingKind(
        "cell",
        "error",
        WHERE + "{title}填的是“{value}”，无法识别。请填{choices}。",
        "是否类也认有/无、√/×、1/0。",
    ),
    "format_misleads": FindingKind(
        "cell",
        "warning",
        WHERE
        + "单元格格式使{title}显示为“{shown}”，实际数值是{value}，按{value}计。请核对数值，并把该格的格式改为“常规”。",
        "自定义格式盖住、隐藏或改变了真实数值，打印出来的和校验的不一样。",
    ),
    "text_garbled": FindingKind(
        "cell",
        "error",
        WHERE + "{title}“{value}”{how}。请重新填写，没有内容的请清空；号码请先把单元格设为文本格式。",
        "逻辑值TRUE/FALSE、乱码、科学计数、日期、nan和null都不是原来填的内容。",
    ),
    "no_name": FindingKind(
        "cell",
        "error",
        WHERE + "{title}“{value}”不像姓名（{how}）。请对照证件填写。",
        "生僻字打不出的，请用拼音或同音字，并在“特殊情况说明”里写明。",
    ),
    "name_of_two": FindingKind(
        "cell",
        "warning",
        WHERE + "{title}“{value}”像是两个人。请核对：一人填一行，同一个人的不必修改。",
    ),
    "phone_is_id": FindingKind(
        "cell",
        "error",
        WHERE + "{title}填的是身份证号（{value}）。请核对是否填错了列，改填电话号码或清空此格。",
    ),
    "phone_odd": FindingKind(
        "cell",
        "warning",
        WHERE + "{title}“{value}”不像电话号码（{how}）。请核对，没有电话的可以空着。",
    ),
    "text_long": FindingKind(
        "cell",
        "warning",
        WHERE + "{title}有{value}个字。请核对是否把别的内容贴到了这一格，无误则不必修改。",
    ),
    "same_as_above": FindingKind(
        "cell",
        "error",
        WHERE + "{title}填的是“{value}”。请写出实际内容，每行都要写全。",
        "排序、增删行以后，“同上”就指错了。",
    ),
    "merged_blank": FindingKind(
        "cell",
        "error",
        WHERE + "{title}在合并单元格{value}里，只有第一格能存内容，这一格是空的。请取消合并，逐格填写。",
        "合并后看起来每格都有，其实只存了一格。",
    ),
    "day_outside_campaign": FindingKind(
        "cell",
        "warning",
        WHERE + "{title}“{value}”不在本次活动期间（{expected}）。请核对，无误则不必修改。",
    ),
    "text_corrected": FindingKind(
        "cell",
        "corrected",
        WHERE + "{title}含有看不见的字符，已自动去掉。不必修改。",
        "从网页或其他系统复制时带入。",
    ),
    "spelling_corrected": FindingKind(
        "cell",
        "corrected",
        WHERE
        + "{title}“{value}”{how}，已按“{expected}”统计。不影响受理；改成“{expected}”，表里的公式才数得到。",
        "各种写法怎么认，见本页末尾的“写法”。",
    ),
    "needed_blank": FindingKind(
        "row",
        "error",
        WHERE + "{title}没有填写；{when}为“{value}”时必须填写。请补填。",
        "蓝色的列在提示所说的情形下才要填。",
    ),
    "answer_contradicts": FindingKind(
        "row",
        "error",
        WHERE + "{title}填了“{value}”，但{when}是“{expected}”。请改正其中一项，没有工作的请清空此格。",
        "没有就业的人不填就业形式、产业和就业地点。",
    ),
    "derived_differs": FindingKind(
        "row",
        "error",
        WHERE + "{title}填的是“{value}”，按身份证号应为“{expected}”。请核对身份证号，或清空此格。",
        "第17位单数为男、双数为女；年龄按调查日满周岁计算。",
    ),
    "age_outside": FindingKind(
        "row",
        "warning",
        WHERE
        + "按身份证号是{value}岁，不在劳动年龄({expected})内。请核对身份证号；情况属实的请在“特殊情况说明”里写明。",
        "劳动年龄按性别在表格配置里规定，以调查日满周岁计算。",
    ),
    "order_suspicious": FindingKind(
        "table",
        "warning",
        "“{sheet}”的{title}从上到下正好按顺序排列，户编号也按顺序，像是只排了这一列。请对照原始资料核对姓名与身份证号。",
        "只排一列而性别、年龄空着的时候，无法由号码看出错位，只能这样提醒；按笔画等别的次序排的看不出来。",
    ),
    "names_moved": FindingKind(
        "table",
        "warning",
        "“{sheet}”有{value}行的姓名是预填时另一行的（{places}），像是只排了或只移动了一部分列。请对照原始资料核对姓名与身份证号。",
        "预填的行在隐藏列里有行标识，姓名离开了自己的行就看得出，有同名的人也一样；没有预填的行只能看次序和性别、年龄。",
    ),
    "household_joined": FindingKind(
        "table",
        "corrected",
        WHERE + "{title}“{value}”与第{first}行的“{expected}”算作同一户。请核对：是同一户的不必修改，"
        "不是的请改用不同的编号。",
    ),
    "roster_empty": FindingKind(
        "table",
        "error",
        "“{sheet}”没有任何人员。请填写劳动人口调查结果后再上传。",
        "一行有姓名或身份证号，或者填了三项以上，才算一个人。",
    ),
    "duplicate_id": FindingKind(
        "table",
        "error",
        WHERE + "身份证号（{value}）与第{first}行重复。请删除重复的一行，或对照证件改正号码。",
        "确有两人同号的(历史上有过)，在两行的“特殊情况说明”里写明，即改为提醒。",
    ),
    "households_without_work": FindingKind(
        "table",
        "warning",
        "“{sheet}”中有{value}户有劳动能力和意愿但无人就业。请核实是否为零就业家庭，并附消除情况。",
        "按户编号统计：户里有人有能力有意愿，却没有一人就业。",
    ),
    "duplicate_id_explained": FindingKind(
        "table", "warning", WHERE + "身份证号（{value}）与第{first}行重复；已写明情况，由审核人员核实。"
    ),
    "column_shifted": FindingKind(
        "table",
        "error",
        "“{sheet}”有{value}行的性别或年龄与身份证号不符（{places}），可能某一列被单独排序。请对照原始资料恢复各列的对应关系。",
        "只排一列、不带其他列，姓名和号码就错开了。",
    ),
    "id_filled_down": FindingKind(
        "table",
        "error",
        "“{sheet}”{places}的身份证号逐行加一，像是拖动填充出来的。请对照证件重新填写。",
        "在Excel里拖动单元格右下角会使末位逐行加一。",
    ),
    "score_blank": FindingKind(
        "forms", "error", WHERE + "{title}没有打分。请按评价指标计算并填写得分。", "通知要求乡镇先行打分。"
    ),
    "score_differs": FindingKind(
        "forms",
        "error",
        WHERE + "{title}填{value}分，按所填数据应为{expected}分（{note}）。请改正得分或数据。",
        "得分由所填数据和花名册重新计算，括号里是算法。",
    ),
    "figure_differs": FindingKind(
        "forms",
        "error",
        WHERE + "{title}填{value}，按花名册统计为{expected}{rows}。请改正本表，或补全花名册。",
        "列出的行可能就是差数：它们只差一个条件没有计入，或者计入了但号码有问题。",
    ),
    "score_formula_differs": FindingKind(
        "forms",
        "error",
        WHERE + "{title}的公式算出{value}分，按所填数据应为{expected}分（{note}）。请核对{inputs}，"
        "在Excel或WPS中按F9重新计算并保存，不要直接改这一格。",
        "公式没有重新计算过，或者所依据的格子填得与公式不合。",
    ),
    "figure_formula_differs": FindingKind(
        "forms",
        "error",
        WHERE + "{title}的公式算出{value}，按花名册统计为{expected}{rows}。请核对花名册，在Excel或WPS中"
        "按F9重新计算并保存，不要直接改这一格。",
        "列出的行可能就是差数。公式被改过的，请从新模板复制公式。",
    ),
    "total_formula_differs": FindingKind(
        "forms",
        "error",
        WHERE + "{title}的公式算出{value}分，按评价指标计算为{expected}分。请核对附件1的乡镇自评分，"
        "在Excel或WPS中按F9重新计算并保存，不要直接改这一格。",
        "附件4的分数由附件1的自评分相加。",
    ),
    "totals_folded": FindingKind(
        "forms",
        "corrected",
        "“{sheet}”{places}的合计没有算进写法不规范的格子，已按整理后的内容统计。不影响受理；"
        "把{causes}改成下拉选项中的写法（数字不要存成文本），公式就会算对。",
        "多打的空格、全角符号，校验时都能认出，工作表自己的公式认不出。",
    ),
    "numbers_follow": FindingKind(
        "forms",
        "error",
        "“{sheet}”{places}的数与花名册不符，是{causes}填错或漏填带来的。请先改正{causes}，再看这些数是否相符。",
        "花名册里有一格认不出，人数、得分、合计都会跟着不符；只改那一格就够了。",
    ),
    "figure_explained": FindingKind(
        "forms",
        "warning",
        WHERE
        + "{title}填{value}，按花名册统计为{expected}{rows}；已写明原因，评分按花名册统计。由审核人员核实，不必修改。",
        "写在附件3“与花名册统计数不一致的原因”。",
    ),
    "total_differs": FindingKind(
        "forms",
        "error",
        WHERE
        + "{title}填{value}分，按评价指标计算为{expected}分。请改正这一格；附件1的自评分有误的，一并改正。",
        "附件4的分数抄自附件1。",
    ),
    "fewer_than_part": FindingKind(
        "forms",
        "warning",
        WHERE + "{title}填{value}，比{parts}的{expected}还少。请核对这两项，改正填错的一项。",
    ),
    "level_unknown": FindingKind(
        "forms",
        "warning",
        WHERE + "{title}填的是“{value}”，不是可推荐的级别。请改成其中一个：{choices}。",
    ),
    "sum_differs": FindingKind(
        "forms",
        "error",
        WHERE + "{title}填{value}，按{parts}计算应为{expected}。请核对这几项，改正填错的一项。",
        "表内各项之间的勾稽关系，在表格配置里规定。",
    ),
    "id_in_same_town": FindingKind(
        "villages",
        "warning",
        WHERE + "该身份证号也出现在本乡镇(街道)另一个社区(村)的花名册里。" + APART,
        "两边都会收到提示，都看不到对方的资料。",
    ),
    "id_in_other_town": FindingKind(
        "villages",
        "warning",
        WHERE + "该身份证号也出现在其他乡镇(街道)的花名册里。" + APART,
        "两边都会收到提示，都看不到对方的资料。",
    ),
}
