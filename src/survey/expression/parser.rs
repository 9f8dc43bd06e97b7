//! Reads an expression by recursive descent, choice by choice in the order of SurveyJS's grammar.

mod levels;

use levels::LEVELS;

use super::super::javascript::number_of_text;
use super::{ExpressionError, MAX_DEPTH, MAX_LENGTH, Node, Operator, Value, Variable};

pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    if text.len() > MAX_LENGTH {
        return Err(ExpressionError::TooLong);
    }
    // Other spellings, also within quotes: SurveyJS rewrites the whole text. They are as long as what they stand for.
    let mut text = text.to_owned();
    for (spelling, token) in [
        ("=>", ">="),
        ("=<", "<="),
        ("<>", "!="),
        ("equals", "equal "),
    ] {
        text = respelled(&text, spelling, token);
    }
    let mut parser = Parser {
        text: &text,
        at: 0,
        depth: 0,
        farthest: 0,
        is_too_deep: false,
    };
    let node = parser.expression();
    let is_read = parser.rest().is_empty();
    match node {
        _ if parser.is_too_deep => Err(ExpressionError::TooDeep),
        Some(node) if is_read => Ok(node),
        _ => Err(ExpressionError::Unexpected(parser.farthest.max(parser.at))),
    }
}

fn respelled(text: &str, spelling: &str, token: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let end = at + spelling.len();
        if text.get(at..end) == Some(spelling) {
            result.push_str(token);
            at = end;
        } else {
            result.push(letter);
            at += letter.len_utf8();
        }
    }
    result
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// How far any choice was read: where the fault is.
    farthest: usize,
    is_too_deep: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        self.run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Takes `token` if it stands here, in any case; what follows does not matter.
    fn take(&mut self, token: &str) -> bool {
        let head = self.rest().get(..token.len());
        let found = head.is_some_and(|head| head.eq_ignore_ascii_case(token));
        if found {
            self.at += token.len();
        }
        found
    }

    /// Takes the longest beginning of such bytes; they, or those that end it, are ASCII.
    fn run(&mut self, belongs: fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|&byte| belongs(byte)).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Goes back to `place`: what was read since is none of what was sought.
    fn fail(&mut self, place: usize) -> Option<Node> {
        self.farthest = self.farthest.max(self.at);
        self.at = place;
        None
    }

    fn expression(&mut self) -> Option<Node> {
        let start = self.at;
        self.skip_space();
        let Some(node) = self.level(LEVELS) else {
            return self.fail(start);
        };
        self.skip_space();
        Some(node)
    }

    fn level(&mut self, levels: &[&[(&str, Operator)]]) -> Option<Node> {
        let Some((operators, tighter)) = levels.split_first() else {
            return self.factor();
        };
        let head = self.level(tighter)?;
        let mut rest = Vec::new();
        loop {
            let before = self.at;
            self.skip_space();
            let Some((_, operator)) = operators.iter().find(|(token, _)| self.take(token)) else {
                self.fail(before);
                break;
            };
            self.skip_space();
            let operand = match self.level(tighter) {
                Some(operand) => operand,
                // `{a} contains` lacks a word, and is read.
                None if tighter.is_empty() => Node::Constant(Value::Null),
                None => {
                    self.fail(before);
                    break;
                }
            };
            rest.push((*operator, operand));
        }
        Some(if rest.is_empty() {
            head
        } else {
            Node::Chain(Box::new(head), rest)
        })
    }

    fn factor(&mut self) -> Option<Node> {
        if self.depth >= MAX_DEPTH {
            self.is_too_deep = true;
        }
        // Once too deep, nothing that is read matters.
        if self.is_too_deep {
            return None;
        }
        self.depth += 1;
        let node = self.factor_here();
        self.depth -= 1;
        node
    }

    fn factor_here(&mut self) -> Option<Node> {
        let start = self.at;
        if self.take("(") {
            let Some(inner) = self.expression() else {
                return self.fail(start);
            };
            self.take(")");
            return Some(inner);
        }
        if let Some(name) = self.word()
            && self.take("(")
        {
            let arguments = self.items();
            // As of a group, the last bracket may be missing.
            self.take(")");
            return Some(Node::Call(name, arguments));
        }
        self.at = start;
        if self.take("!") || self.take("negate") {
            self.skip_space();
            if let Some(inner) = self.factor() {
                return Some(Node::Negate(Box::new(inner)));
            }
        }
        self.at = start;
        if let Some(node) = self.atom() {
            let end = self.at;
            self.skip_space();
            for (suffix, wanted) in [("empty", true), ("notempty", false)] {
                if self.take(suffix) {
                    return Some(Node::Empty(Box::new(node), wanted));
                }
            }
            self.at = end;
            return Some(node);
        }
        self.at = start;
        if self.take("[") {
            let items = self.items();
            if self.take("]") {
                return Some(Node::List(items));
            }
        }
        self.fail(start)
    }

    /// What is listed, with commas between; without a first there is none.
    fn items(&mut self) -> Vec<Node> {
        let mut items = Vec::new();
        let first = self.expression();
        let is_nothing = matches!(first, None | Some(Node::Constant(Value::Null)));
        items.extend(first);
        loop {
            let before = self.at;
            self.skip_space();
            if !self.take(",") {
                self.at = before;
                break;
            }
            let Some(item) = self.expression() else {
                self.fail(before);
                break;
            };
            items.push(item);
        }
        if is_nothing {
            items.clear();
        }
        items
    }

    /// A literal, a bare word, which is a text, or a name in braces.
    fn atom(&mut self) -> Option<Node> {
        let start = self.at;
        for word in ["undefined", "null"] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Some(Node::Constant(Value::Null));
            }
        }
        for (word, truth) in [("true", true), ("false", false)] {
            if self.take(word) {
                return Some(Node::Constant(Value::Bool(truth)));
            }
        }
        if let Some(number) = self.number() {
            return Some(Node::Constant(Value::Number(number)));
        }
        self.at = start;
        if let Some(word) = self.word() {
            return Some(Node::Constant(Value::Text(word)));
        }
        for quote in ["'", "\""] {
            if let Some(text) = self.quoted(quote) {
                return Some(Node::Constant(Value::Text(text)));
            }
        }
        if !self.take("{") {
            return None;
        }
        let name = self.run(|byte| !matches!(byte, b'{' | b'}'));
        if name.is_empty() || !self.take("}") {
            // The fault is where the name begins.
            self.at = start + 1;
            return self.fail(start);
        }
        Some(Node::Variable(variable(name)))
    }

    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        if self.rest().starts_with("0x") {
            self.at += 2;
            let digits = self.run(|byte| byte.is_ascii_digit()).bytes();
            if self.at > start + 2 {
                return Some(
                    digits.fold(0.0, |number, digit| number * 16.0 + f64::from(digit - b'0')),
                );
            }
            self.at = start;
        }
        self.take("-");
        let whole = self.run(|byte| byte.is_ascii_digit());
        let end = self.at;
        let has_fraction = !whole.is_empty()
            && self.take(".")
            && !self.run(|byte| byte.is_ascii_digit()).is_empty();
        if !has_fraction {
            self.at = end;
            // No whole number but 0 begins with 0.
            if whole.starts_with('0') {
                self.at = end - whole.len() + 1;
            }
        }
        number_of_text(self.text.get(start..self.at).unwrap_or_default())
    }

    fn word(&mut self) -> Option<String> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if self
            .rest()
            .starts_with(|first: char| first.is_ascii_digit())
        {
            return None;
        }
        let word = self.run(is_letter);
        (!word.is_empty()).then(|| word.to_owned())
    }

    /// A quoted text; a quote inside, of either kind, has a backslash before it.
    fn quoted(&mut self, quote: &str) -> Option<String> {
        let start = self.at;
        if !self.take(quote) {
            return None;
        }
        let mut text = String::new();
        loop {
            text.push_str(self.run(|byte| !matches!(byte, b'\'' | b'"' | b'\\')));
            if self.take(quote) {
                return Some(text);
            }
            let inner = ["\\'", "\\\"", "\\"]
                .into_iter()
                .find(|inner| self.take(inner));
            let Some(inner) = inner else {
                break;
            };
            text.push_str(
                inner
                    .get(1..)
                    .filter(|quote| !quote.is_empty())
                    .unwrap_or(inner),
            );
        }
        self.fail(start);
        None
    }

    /// `"key": literal, …` up to the end.
    fn entries(&mut self) -> Option<Value> {
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            let key = self.quoted("\"")?;
            self.skip_space();
            if !self.take(":") {
                return None;
            }
            self.skip_space();
            let is_quoted = self.rest().starts_with('"');
            let value = literal(self.factor()?)?;
            if value.as_text().is_some() && !is_quoted {
                return None;
            }
            entries.push((key, value));
            self.skip_space();
            if self.rest().is_empty() {
                return Some(Value::Object(entries));
            }
            if !self.take(",") {
                return None;
            }
        }
    }
}

fn variable(name: &str) -> Variable {
    let raw = name.strip_prefix('#').filter(|name| !name.is_empty());
    let mut inner = Parser {
        text: name,
        at: 0,
        depth: MAX_DEPTH / 2,
        farthest: 0,
        is_too_deep: false,
    };
    let object = if name.starts_with('"') {
        inner.entries()
    } else {
        None
    };
    Variable {
        name: raw.unwrap_or(name).to_owned(),
        is_raw: raw.is_some(),
        object,
    }
}

fn literal(node: Node) -> Option<Value> {
    match node {
        Node::Constant(value) => Some(value),
        Node::List(items) => {
            let items: Option<_> = items.into_iter().map(literal).collect();
            items.map(Value::List)
        }
        _ => None,
    }
}
