//! Figures for the supplier: how many answered, the histogram of each metric, its value and how sure it is.
