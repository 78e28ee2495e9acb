"""What can be found about a file: whether it is one, whose it is, what stands in it."""

from __future__ import annotations

from collections.abc import Mapping

from rules.dossiers.checks.kind import WHERE, FindingKind

OF_FILES: Mapping[str, FindingKind] = {
    "file_empty": FindingKind(
        "file",
        "error",
        "文件是空的(0字节)。请在Excel或WPS中打开原来的文件，保存后再上传；打不开的，请找回先前的版本。",
    ),
    "file_too_large": FindingKind("file", "error", "文件超过{limit}MB。请删去图片等多余内容后再上传。"),
    "not_a_workbook": FindingKind(
        "file",
        "error",
        "这个文件其实是{kind},不是.xlsx工作簿。{remedy}",
        "按文件的内容判断，不看扩展名：许多系统导出的“.xls”其实是网页或文本。",
    ),
    "workbook_strict": FindingKind(
        "file",
        "error",
        "文件存成了“Strict Open XML”格式。"
        "请在Excel中另存为普通的“Excel工作簿(.xlsx)”后再上传；内容不必重填。",
    ),
    "workbook_damaged": FindingKind(
        "file",
        "error",
        "文件已损坏或没有传完整，无法打开。"
        "请在Excel或WPS中打开原文件，另存为.xlsx后再上传；打不开的，请下载模板填写。",
        "单元格次序错乱、重复，或者引用了不存在的文字，也算损坏：各种软件读出来会不一样。",
    ),
    "workbook_forbidden_part": FindingKind(
        "file",
        "error",
        "工作簿含有{kind},不能接收。{remedy}",
        "宏、外部链接、数据连接、嵌入对象和控件都不需要，也不安全。",
    ),
    "workbook_too_large": FindingKind(
        "file",
        "error",
        "工作簿解压后过大，可能含有大量空白格式。"
        "请删去数据以外的空行、空列后再上传；仍然过大的，请下载模板，把内容复制过去。",
        "解压后总计不超过200MB，单个部分不超过100MB、不超过压缩后的100倍。",
    ),
    "roster_too_long": FindingKind(
        "file", "error", "“{sheet}”超过10万行，无法读取。请删去多余的行后再上传。"
    ),
    "too_many_merged": FindingKind(
        "file",
        "error",
        "“{sheet}”的合并单元格超过2000处，无法读取。请在这一页选中全表，取消合并单元格，保存后再上传。",
    ),
    "not_a_dossier": FindingKind(
        "file",
        "error",
        "文件里没有申报材料的工作表。请核对是否选错了文件；没有选错的，请下载模板，把内容复制过去。",
    ),
    "reading_died": FindingKind(
        "file",
        "error",
        "文件在读取时耗尽了内存或使读取程序中断。请下载模板，把内容复制过去再上传。",
        "读取在单独的进程里进行，内存和时间都有限。",
    ),
    "reading_slow": FindingKind(
        "file",
        "error",
        "文件在限定时间内没有读完。请删去多余的行、列和格式后再上传。",
        "限时60秒(处理器时间)。",
    ),
    "identity_missing": FindingKind(
        "identity",
        "error",
        "看不出这是哪个社区(村)的材料：模板里写明归属的隐藏页被删除或改动（缺少{title}）。"
        "请下载本社区(村)的模板，把内容复制过去。",
        "工作簿里藏着一页，写明活动、表格版本、乡镇和社区(村)；复制到别的文件里就没有了。",
    ),
    "wrong_campaign": FindingKind(
        "identity",
        "error",
        "这份材料属于“{value}”，不是本次活动“{expected}”。请下载本次活动的模板填写。",
        "每次活动的表格都不同，去年的文件不能改一改再用。",
    ),
    "wrong_form_version": FindingKind(
        "identity",
        "error",
        "表格版本是“{value}”，现行版本是“{expected}”。请下载新模板，把内容复制过去。",
        "表格在活动开始后改过版。旧表的内容可以整列复制到新表。",
    ),
    "wrong_town": FindingKind(
        "identity",
        "error",
        "这份材料是“{value}”的，应为“{expected}”。请核对是否传错了文件；没有传错的，请下载本社区(村)的模板，把内容复制过去。",
        "模板里的隐藏页写着乡镇(街道)的代码，不看文件名。",
    ),
    "wrong_village": FindingKind(
        "identity",
        "error",
        "这份材料是“{value}”的，应为“{expected}”。请核对是否传错了文件；没有传错的，请下载本社区(村)的模板，把内容复制过去。",
        "模板里的隐藏页写着社区(村)的代码，不看文件名。合并过的村请用现行的村名。",
    ),
    "other_year": FindingKind(
        "identity",
        "error",
        WHERE + "表头写的是“{value}”，本次活动是“{expected}”。请改用本年度的模板；已经是的，请改正表头。",
        "所引用的文件的年份、用来对照的往年数据没有关系。",
    ),
    "other_form": FindingKind(
        "identity",
        "error",
        WHERE + "表头写的是“{value}”，这一页应是“{expected}”。请核对是否贴错了页；没有贴错的，请改正表头。",
    ),
    "other_heading": FindingKind(
        "identity",
        "error",
        WHERE
        + "表头写的是“{value}”，这份材料应是“{expected}”的。请核对是否用了别处的表；没有用错的，请改正表头。",
        "表头、附件3和附件4里写的社区(村)、乡镇都要与材料的归属一致。",
    ),
    "missing_sheet": FindingKind(
        "structure",
        "error",
        "缺少工作表“{sheet}”（{instead}）。请把页名改回模板的写法；删除了的，请从模板补上。",
        "附件1至附件4各占一页，靠页名(附件几)认出。",
    ),
    "missing_column": FindingKind(
        "structure",
        "error",
        "“{sheet}”缺少列{title}（{instead}）。请把列名改回模板的写法，不要删除列。",
        "列可以移动，列名上的空格、换行没有关系，名称不能改。",
    ),
    "missing_optional_column": FindingKind(
        "structure", "warning", "“{sheet}”缺少选填列{title}（{instead}）。如有数据，请把列名改回模板的写法。"
    ),
    "second_sheet": FindingKind(
        "structure",
        "error",
        "“{sheet}”和“{what}”是同一种表，分不清以哪一张为准。请把要报的内容都放在“{sheet}”里，再删除“{what}”。",
        "续页、复制出来的、隐藏的表也算，叫什么名称都一样；备份请另存成文件。",
    ),
    "sheet_unread": FindingKind(
        "structure",
        "warning",
        "工作表“{sheet}”不是模板里的，其中的内容没有读取，也不参与统计。"
        "请把要报的内容移到附件1至附件4里；只是备注的不必修改。",
    ),
    "second_place": FindingKind(
        "structure",
        "error",
        "“{sheet}”里“{what}”出现了不止一次（{places}），分不清以哪一处为准。请只留一处，删除其余的。",
        "同名的列、同一个项目只能有一处填了内容。",
    ),
    "active_formula": FindingKind(
        "structure",
        "error",
        "“{sheet}”有{value}处公式会连到文件以外或调用未知功能（{what}）：{places}。请复制这些格，用“选择性粘贴”粘贴为数值。",
        "只接收用本工作簿的数据计算的公式。超链接函数、网络函数、动态数据交换(DDE)、引用其他文件的公式会把内容带到外面。",
    ),
    "active_rule": FindingKind(
        "structure",
        "error",
        "“{sheet}”的条件格式或数据有效性会连到文件以外或调用未知功能（{what}）：{places}。请选中这些格，在“条件格式”和“数据有效性”里清除规则。",
        "在“条件格式—管理规则”或“数据有效性”里可以看到并删除。",
    ),
    "active_name": FindingKind(
        "structure",
        "error",
        "名称“{sheet}”会连到文件以外或调用未知功能（{what}）。请在“公式—名称管理器”里删除它。",
        "名称管理器里的名称和公式一样会计算，隐藏的名称也算。",
    ),
    "active_elsewhere": FindingKind(
        "structure",
        "error",
        "工作簿的图表、表格等部分（{sheet}）含有会连到文件以外或调用未知功能的公式（{what}）。"
        "请删除图表和数据透视表后再上传；删不掉的，请下载模板，把内容复制过去。",
        "材料里不需要图表和数据透视表。",
    ),
    "hidden_content": FindingKind(
        "structure",
        "warning",
        "“{sheet}”有隐藏的{what}，其中的内容也会统计。请取消隐藏核对，不要的请删除。",
        "隐藏的旧数据同样计入人数和得分。",
    ),
    "stray_cells": FindingKind(
        "structure",
        "warning",
        "“{sheet}”有{value}处内容不属于任何人员，不参与统计：{places}。如是人员请补全姓名和身份证号，否则请删除。",
        "合计行、备注、误填的零散单元格合为一条提示。",
    ),
    "rows_not_read": FindingKind(
        "structure",
        "warning",
        "“{sheet}”{places}是合计、备注、签名或重复的列名，不是人员，没有读取。请核对，无误则不必修改。",
        "凭身份证号、姓名认人；没有号码而写着“合计”“备注”“填表人：”等的行不算人员。",
    ),
    "rows_after_end": FindingKind(
        "structure",
        "error",
        "“{sheet}”{what}是合计、备注或签名，其后还有人员（{places}），分不清名单到哪里为止。请把{what}移到全部人员之后，或者删除它。",
        "按组小计的行也请删除，或移到最后。",
    ),
    "sheet_unused": FindingKind(
        "structure",
        "warning",
        "“{sheet}”是空的花名册，没有读取，以“{what}”为准。请核对，不要的请删除。",
    ),
    "rows_cut": FindingKind(
        "structure",
        "warning",
        "“{sheet}”第{value}行以后连续空白一万行，其后没有读取。后面如还有人员，请移到前面；并请删除多余的空行。",
        "末尾大片只有格式的空行会使文件变慢。",
    ),
    "picture_in_cell": FindingKind(
        "structure",
        "warning",
        "“{sheet}”有{value}处单元格图片：{places}。图片随文件保存，但不能当作文字或数字读取；需要填写的请另外填写。",
    ),
}
