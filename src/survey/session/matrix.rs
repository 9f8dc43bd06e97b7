//! Which rows and columns of a matrix are shown, and what becomes of answers in those that are not.

use std::sync::Arc;

use super::super::definition::{Choice, Kind, Matrix, Question};
use super::super::expression::Expression;
use super::super::value::Value;
use super::Session;
use super::sameness::{is_blank, is_same};
use super::scope::View;

impl Session {
    /// The rows of a matrix that are shown.
    pub fn shown_rows<'a>(&self, question: &'a Question) -> Vec<&'a Choice> {
        let Kind::Matrix(matrix) = &question.kind else {
            return Vec::new();
        };
        let rows = &self.status(question.place).rows;
        let shown = matrix
            .rows
            .iter()
            .zip(rows)
            .filter(|(_, (is_visible, _))| *is_visible);
        shown.map(|(row, _)| row).collect()
    }

    /// The columns of a matrix that are shown.
    pub fn shown_columns<'a>(&self, question: &'a Question) -> Vec<&'a Choice> {
        let Kind::Matrix(matrix) = &question.kind else {
            return Vec::new();
        };
        let columns = &self.status(question.place).columns;
        let shown = matrix
            .columns
            .iter()
            .zip(columns)
            .filter(|(_, is_visible)| **is_visible);
        shown.map(|(column, _)| column).collect()
    }

    pub(super) fn run_matrix(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        let Kind::Matrix(matrix) = &question.kind else {
            return;
        };
        let rows: Vec<(bool, bool)> = matrix
            .rows
            .iter()
            .map(|row| {
                let condition = row.visible_if.as_ref().or(matrix.rows_visible_if.as_ref());
                (
                    self.holds(condition, row),
                    self.holds(row.enable_if.as_ref(), row),
                )
            })
            .collect();
        let columns: Vec<bool> = matrix
            .columns
            .iter()
            .map(|column| {
                let condition = column
                    .visible_if
                    .as_ref()
                    .or(matrix.columns_visible_if.as_ref());
                self.holds(condition, column)
            })
            .collect();
        let status = self.status(place);
        let visible = |rows: &[(bool, bool)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
        let rows_changed = visible(&rows) != visible(&status.rows);
        let columns_changed = columns != status.columns;
        self.change(place, |status| {
            (status.rows, status.columns) = (rows, columns)
        });
        if columns_changed && self.clears_on_hiding(place) {
            self.clear_rows(place, matrix, (false, true, false));
        }
        if rows_changed || columns_changed {
            self.visibility_changed(place);
        }
    }

    fn holds(&self, condition: Option<&Expression>, item: &Choice) -> bool {
        condition.is_none_or(|condition| {
            condition.is_true(&View {
                session: self,
                item: Some(&item.value),
            })
        })
    }

    /// Takes back answers in rows and columns that are not shown, and in rows that there are not.
    pub(super) fn clear_incorrect_rows(&mut self, place: usize, drops_unknown: bool) {
        let Some(question) = self.question(place) else {
            return;
        };
        if let Kind::Matrix(matrix) = &question.kind {
            self.clear_rows(place, matrix, (true, true, drops_unknown));
        }
    }

    fn clear_rows(
        &mut self,
        place: usize,
        matrix: &Matrix,
        (in_rows, in_columns, drops_unknown): (bool, bool, bool),
    ) {
        let status = self.status(place);
        if is_blank(&status.value) {
            return;
        }
        let (mut all, mut known) = (status.value.clone(), Value::Object(Vec::new()));
        for (row, (is_visible, _)) in matrix.rows.iter().zip(&status.rows) {
            let key = super::super::javascript::text_of_value(&row.value);
            let Some(chosen) = all.get(&key).cloned() else {
                continue;
            };
            if !super::super::javascript::is_truthy(&chosen) {
                continue;
            }
            let kept = if in_rows && !is_visible {
                Value::Null
            } else if in_columns {
                self.visible_part(matrix, &status.columns, chosen)
            } else {
                chosen
            };
            known.set(&key, kept.clone());
            all.set(&key, kept);
        }
        let new = if drops_unknown { known } else { all };
        if !is_same(&new, &status.value) {
            self.set_value(place, new);
        }
    }

    fn visible_part(&self, matrix: &Matrix, shown: &[bool], chosen: Value) -> Value {
        let is_shown = |value: &Value| {
            let mut columns = matrix.columns.iter().zip(shown);
            columns.any(|(column, is_shown)| *is_shown && is_same(&column.value, value))
        };
        match chosen {
            Value::List(items) if matrix.is_multiple => {
                let items: Vec<Value> = items.into_iter().filter(is_shown).collect();
                if items.is_empty() {
                    Value::Null
                } else {
                    Value::List(items)
                }
            }
            single if is_shown(&single) => single,
            _ => Value::Null,
        }
    }

    /// Whether a matrix lacks the answer to a row, and whether two rows have the same.
    pub(super) fn row_faults(&self, question: &Arc<Question>, matrix: &Matrix) -> (bool, bool) {
        let value = &self.status(question.place).value;
        let (mut is_missing, mut is_twice, mut seen) = (false, false, Vec::new());
        for row in self.shown_rows(question) {
            let key = super::super::javascript::text_of_value(&row.value);
            match value.get(&key).filter(|chosen| !is_blank(chosen)) {
                None => is_missing |= matrix.is_each_required,
                Some(chosen) => {
                    is_twice |= matrix.is_each_unique && seen.contains(&chosen);
                    seen.push(chosen);
                }
            }
        }
        (is_missing, is_twice)
    }
}
