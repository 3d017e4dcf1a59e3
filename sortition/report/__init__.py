"""The report of a lottery, one self-contained page, and for each person the page of their own chance."""

from sortition.report.figures import Figures, ValueFigures, figures
from sortition.report.page import report, report_of
from sortition.report.personal import personal_page

__all__ = ["Figures", "ValueFigures", "figures", "personal_page", "report", "report_of"]
