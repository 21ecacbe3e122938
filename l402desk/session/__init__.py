"""The state that windows show: QtCore and QtGui, no widgets, nothing that waits."""
