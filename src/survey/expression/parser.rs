//! Reads an expression by recursive descent, one function for each level of precedence.

use super::super::javascript::number_of_text;
use super::{ExpressionError, MAX_DEPTH, MAX_LENGTH, Node, Operator, Value};

type Parsed = Result<Node, ExpressionError>;

pub(super) fn parse(text: &str) -> Parsed {
    if text.len() > MAX_LENGTH {
        return Err(ExpressionError::TooLong);
    }
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let node = parser.level(0)?;
    parser.skip_space();
    if parser.rest().is_empty() {
        Ok(node)
    } else {
        Err(parser.unexpected())
    }
}

/// The binary operators by precedence, loosest first. A longer spelling stands before its own beginning.
const LEVELS: &[&[(&str, Operator)]] = &[
    &[("||", Operator::Or), ("or", Operator::Or)],
    &[("&&", Operator::And), ("and", Operator::And)],
    &[
        ("<=", Operator::LessOrEqual),
        ("=<", Operator::LessOrEqual),
        ("lessorequal", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("=>", Operator::GreaterOrEqual),
        ("greaterorequal", Operator::GreaterOrEqual),
        ("==", Operator::Equal),
        ("equals", Operator::Equal),
        ("equal", Operator::Equal),
        ("=", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<>", Operator::NotEqual),
        ("notequals", Operator::NotEqual),
        ("notequal", Operator::NotEqual),
        ("<", Operator::Less),
        ("less", Operator::Less),
        (">", Operator::Greater),
        ("greater", Operator::Greater),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[
        ("*", Operator::Times),
        ("/", Operator::Divide),
        ("%", Operator::Remainder),
    ],
    &[("^", Operator::Power), ("power", Operator::Power)],
    &[
        ("*=", Operator::Contains),
        ("contains", Operator::Contains),
        ("contain", Operator::Contains),
        ("notcontains", Operator::NotContains),
        ("notcontain", Operator::NotContains),
        ("anyof", Operator::AnyOf),
        ("noneof", Operator::NoneOf),
        ("allof", Operator::AllOf),
    ],
];

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn unexpected(&self) -> ExpressionError {
        ExpressionError::Unexpected(self.at)
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes `token` if it stands here, in any case; a word only as a whole one.
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest();
        let Some(head) = rest.get(..token.len()) else {
            return false;
        };
        let word = token.bytes().all(|byte| byte.is_ascii_alphabetic());
        let goes_on = rest.get(token.len()..).and_then(|tail| tail.chars().next());
        if !head.eq_ignore_ascii_case(token) || word && goes_on.is_some_and(is_letter) {
            return false;
        }
        self.at += token.len();
        true
    }

    fn level(&mut self, level: usize) -> Parsed {
        let Some(operators) = LEVELS.get(level) else {
            return self.suffixed();
        };
        let mut left = self.level(level + 1)?;
        // A chain of operators makes the tree deeper to the left; it counts like any other nesting.
        let depth = self.depth;
        loop {
            self.skip_space();
            let Some((_, operator)) = operators.iter().find(|(token, _)| self.take(token)) else {
                break;
            };
            self.deeper()?;
            let right = self.level(level + 1)?;
            left = Node::Binary(*operator, Box::new(left), Box::new(right));
        }
        self.depth = depth;
        Ok(left)
    }

    fn deeper(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            Err(ExpressionError::TooDeep)
        } else {
            Ok(())
        }
    }

    fn suffixed(&mut self) -> Parsed {
        let node = self.operand()?;
        self.skip_space();
        Ok(if self.take("notempty") {
            Node::Empty(Box::new(node), false)
        } else if self.take("empty") {
            Node::Empty(Box::new(node), true)
        } else {
            node
        })
    }

    fn operand(&mut self) -> Parsed {
        self.skip_space();
        self.deeper()?;
        let node = self.operand_here();
        self.depth -= 1;
        node
    }

    fn operand_here(&mut self) -> Parsed {
        if self.take("!") || self.take("negate") {
            return Ok(Node::Negate(Box::new(self.suffixed()?)));
        }
        if self.take("(") {
            let inner = self.level(0)?;
            return self.closed(")", inner);
        }
        if self.take("[") {
            let items = self.items("]")?;
            return Ok(Node::List(items));
        }
        if self.take("{") {
            let end = self.rest().find('}').ok_or(self.unexpected())?;
            let name = self.rest().get(..end).unwrap_or_default().trim().to_owned();
            if name.is_empty() {
                return Err(self.unexpected());
            }
            self.at += end + 1;
            return Ok(Node::Variable(name));
        }
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            Some(_) => self.word(),
            None => Err(self.unexpected()),
        }
    }

    fn closed(&mut self, end: &str, node: Node) -> Parsed {
        self.skip_space();
        if self.take(end) {
            Ok(node)
        } else {
            Err(self.unexpected())
        }
    }

    fn items(&mut self, end: &str) -> Result<Vec<Node>, ExpressionError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.take(end) {
            return Ok(items);
        }
        loop {
            items.push(self.level(0)?);
            self.skip_space();
            if self.take(end) {
                return Ok(items);
            }
            if !self.take(",") {
                return Err(self.unexpected());
            }
        }
    }

    /// A quoted text; a quote inside, of either kind, has a backslash before it.
    fn quoted(&mut self, quote: char) -> Parsed {
        let mut text = String::new();
        let mut escaped = false;
        for (place, character) in self.rest().char_indices().skip(1) {
            let is_quote = matches!(character, '\'' | '"');
            if is_quote && !escaped {
                if character != quote {
                    break;
                }
                self.at += place + 1;
                return Ok(Node::Constant(Value::Text(text)));
            }
            if is_quote {
                text.pop();
            }
            text.push(character);
            escaped = character == '\\';
        }
        Err(self.unexpected())
    }

    /// A number, a truth value, a call, or a bare word, which is a text.
    fn word(&mut self) -> Parsed {
        let rest = self.rest();
        let is_number = rest.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let goes_on = |&(place, next): &(usize, char)| {
            if is_number {
                next.is_ascii_digit() || next == '.' || place == 0
            } else {
                is_letter(next)
            }
        };
        let length = rest.char_indices().take_while(goes_on).count();
        let word = rest.get(..length).unwrap_or_default().to_owned();
        if is_number {
            let number = number_of_text(&word).ok_or(self.unexpected())?;
            self.at += length;
            return Ok(Node::Constant(Value::Number(number)));
        }
        if word.is_empty() {
            return Err(self.unexpected());
        }
        self.at += length;
        if self.take("(") {
            let arguments = self.items(")")?;
            return Ok(Node::Call(word, arguments));
        }
        Ok(Node::Constant(if word.eq_ignore_ascii_case("true") {
            Value::Bool(true)
        } else if word.eq_ignore_ascii_case("false") {
            Value::Bool(false)
        } else if matches!(word.as_str(), "null" | "undefined") {
            Value::Null
        } else {
            Value::Text(word)
        }))
    }
}

/// Whether a word may have this in it.
fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
