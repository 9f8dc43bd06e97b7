//! Shapes of bodies as the table writes them, read into JSON Schema: `{ id: int, due?: time | null, team: int[] }`.
//!
//! `{ … }` may have more fields, `{| … |}` may not. Words: `string`, `string(200)` (at most so many characters), `text(200)`
//! (and some that can be seen), `int`, `uint`, `int(1..5)`, `number`, `bool`, `null`, `any`, `time` (RFC 3339), `id` (32 hexadecimal digits),
//! `'word'`, `Map<shape>`, `[shape, shape]` (a list of two), and the names of other shapes, which begin with a capital.

use std::iter::Peekable;
use std::str::CharIndices;

use serde::Deserializer;
use serde::de::value::Error as Stop;
use serde::de::{DeserializeOwned, Error, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value as Json, json};

/// Reads a shape.
///
/// # Errors
/// What was expected, and where.
pub(super) fn schema(text: &str) -> Result<Json, String> {
    let mut reader = Reader {
        text,
        rest: text.char_indices().peekable(),
    };
    let schema = reader.union()?;
    match reader.peek() {
        None => Ok(schema),
        Some(_) => Err(reader.expected("the end")),
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        while self.rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        self.rest.peek().map(|(_, c)| *c)
    }

    fn takes(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.rest.next();
        }
        is_next
    }

    fn must(&mut self, wanted: char) -> Result<(), String> {
        if self.takes(wanted) {
            Ok(())
        } else {
            Err(self.expected(&format!("{wanted:?}")))
        }
    }

    fn expected(&mut self, what: &str) -> String {
        let place = self.rest.peek().map_or(self.text.len(), |(at, _)| *at);
        format!("{what} was expected at {place} of {:?}", self.text)
    }

    fn word(&mut self) -> String {
        self.peek();
        let mut word = String::new();
        while let Some((_, c)) = self
            .rest
            .next_if(|(_, c)| c.is_alphanumeric() || matches!(c, '_' | '-'))
        {
            word.push(c);
        }
        word
    }

    fn union(&mut self) -> Result<Json, String> {
        let mut members = vec![self.listed()?];
        while self.peek() == Some('|') && !self.closes() {
            self.rest.next();
            members.push(self.listed()?);
        }
        if members.len() == 1 {
            return members.pop().ok_or_else(|| self.expected("a shape"));
        }
        // Words alone are one list of words.
        let words = members.iter().map(|one| one.get("const"));
        if let Some(words) = words.collect::<Option<Vec<_>>>() {
            return Ok(json!({"type": "string", "enum": words}));
        }
        Ok(json!({ "anyOf": members }))
    }

    /// Whether `|}` comes.
    fn closes(&self) -> bool {
        let mut ahead = self.rest.clone();
        ahead.next();
        ahead.next().map(|(_, c)| c) == Some('}')
    }

    fn listed(&mut self) -> Result<Json, String> {
        let mut schema = self.one()?;
        while self.takes('[') {
            self.must(']')?;
            schema = json!({"type": "array", "items": schema});
        }
        Ok(schema)
    }

    fn one(&mut self) -> Result<Json, String> {
        match self.peek() {
            Some('{') => self.object(),
            Some('(') => {
                self.rest.next();
                let inside = self.union()?;
                self.must(')')?;
                Ok(inside)
            }
            Some('[') => {
                self.rest.next();
                let mut places = vec![self.union()?];
                while self.takes(',') {
                    places.push(self.union()?);
                }
                self.must(']')?;
                // Which stands where is not said: tools that read such lists are rare.
                let length = places.len();
                places.dedup();
                let items = match places.as_slice() {
                    [same] => same.clone(),
                    _ => json!({ "anyOf": places }),
                };
                Ok(json!({"type": "array", "items": items, "minItems": length, "maxItems": length}))
            }
            Some('\'') => {
                self.rest.next();
                let word = self.word();
                self.must('\'')?;
                Ok(json!({"type": "string", "const": word}))
            }
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Result<Json, String> {
        let word = self.word();
        Ok(match word.as_str() {
            "any" => json!({}),
            "null" => json!({"type": "null"}),
            "bool" => json!({"type": "boolean"}),
            "number" => json!({"type": "number"}),
            "string" if self.takes('(') => {
                let most = self.count()?;
                self.must(')')?;
                json!({"type": "string", "maxLength": most})
            }
            "string" => json!({"type": "string"}),
            "time" => json!({"type": "string", "format": "date-time"}),
            "id" => json!({"type": "string", "pattern": "^[0-9a-f]{32}$"}),
            "int" => self.range(json!({"type": "integer"}))?,
            "uint" => {
                json!({"type": "integer", "minimum": 0, "maximum": u32::MAX})
            }
            "text" => {
                self.must('(')?;
                let most = self.count()?;
                self.must(')')?;
                json!({"type": "string", "maxLength": most, "pattern": "\\S"})
            }
            "Map" => {
                self.must('<')?;
                let values = self.union()?;
                self.must('>')?;
                json!({"type": "object", "additionalProperties": values})
            }
            name if name.starts_with(char::is_uppercase) => {
                json!({"$ref": format!("#/components/schemas/{name}")})
            }
            _ => return Err(self.expected("a shape")),
        })
    }

    /// `(1..5)`, or nothing.
    fn range(&mut self, mut schema: Json) -> Result<Json, String> {
        if self.takes('(') {
            schema["minimum"] = json!(self.count()?);
            self.must('.')?;
            self.must('.')?;
            schema["maximum"] = json!(self.count()?);
            self.must(')')?;
        }
        Ok(schema)
    }

    fn count(&mut self) -> Result<u64, String> {
        let word = self.word();
        word.parse().map_err(|_| self.expected("a number"))
    }

    fn object(&mut self) -> Result<Json, String> {
        self.must('{')?;
        let is_closed = self.takes('|');
        let (mut properties, mut required) = (Map::new(), Vec::new());
        loop {
            match self.peek() {
                Some('|') if is_closed => {
                    self.rest.next();
                    break;
                }
                Some('}') if is_closed => return Err(self.expected("`|}`")),
                Some('}') => break,
                _ => {}
            }
            let name = self.word();
            if name.is_empty() {
                return Err(self.expected("a field"));
            }
            let is_optional = self.takes('?');
            self.must(':')?;
            properties.insert(name.clone(), self.union()?);
            if !is_optional {
                required.push(name);
            }
            if !self.takes(',') && !matches!(self.peek(), Some('|' | '}')) {
                return Err(self.expected("',' or the end of the object"));
            }
        }
        self.must('}')?;
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if is_closed {
            schema["additionalProperties"] = json!(false);
        }
        Ok(schema)
    }
}

/// The words of an enum as serde reads them, as a shape: the table cannot name others than the code does.
pub(in crate::endpoint) fn names<T: DeserializeOwned>() -> String {
    let mut found = Names(&[]);
    // Stops as soon as it has heard the names.
    let _ = T::deserialize(&mut found);
    let words: Vec<_> = found.0.iter().map(|name| format!("'{name}'")).collect();
    words.join(" | ")
}

struct Names(&'static [&'static str]);

impl<'de> Deserializer<'de> for &mut Names {
    type Error = Stop;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Stop> {
        self.0 = variants;
        Err(Stop::custom("heard"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        Err(Stop::custom("no enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::complaint::Role;

    #[test]
    fn shapes_are_read() {
        for (text, expected) in [
            ("int", json!({"type": "integer"})),
            (
                "int(1..5)",
                json!({"type": "integer", "minimum": 1, "maximum": 5}),
            ),
            (
                "'a' | 'b-c'",
                json!({"type": "string", "enum": ["a", "b-c"]}),
            ),
            (
                "Case[]",
                json!({"type": "array", "items": {"$ref": "#/components/schemas/Case"}}),
            ),
            (
                "{| id?: time | null |}",
                json!({"type": "object", "additionalProperties": false, "properties": {
                    "id": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
                }}),
            ),
            (
                "{ a: Map<bool>, b: [int, null] }",
                json!({"type": "object", "required": ["a", "b"], "properties": {
                    "a": {"type": "object", "additionalProperties": {"type": "boolean"}},
                    "b": {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "minItems": 2, "maxItems": 2}
                }}),
            ),
        ] {
            assert_eq!(schema(text).unwrap(), expected, "{text}");
        }
        for text in [
            "",
            "{ a }",
            "{ a: int",
            "'a",
            "strnig",
            "int int",
            "{| a: int }",
            "text(x)",
        ] {
            assert!(schema(text).is_err(), "{text:?} was read");
        }
    }

    #[test]
    fn words_of_an_enum_are_those_of_the_code() {
        let names = names::<Role>();
        let expected: Vec<_> = Role::ALL
            .iter()
            .map(|role| format!("'{}'", role.code()))
            .collect();
        assert_eq!(names, expected.join(" | "));
    }
}
