//! The little markup that texts of a survey may have: emphasis, paragraphs, lists, links and pictures. Everything else is
//! read as the words inside it.

/// A piece of a text with markup.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Words as they are read.
    Words(String),
    /// Something with pieces inside.
    Element(Tag, Vec<Self>),
}

/// What an element is.
#[derive(Clone, Debug, PartialEq)]
pub enum Tag {
    /// Bold: `b`, `strong`, headings.
    Strong,
    /// Stressed: `i`, `em`.
    Emphasis,
    /// A paragraph: `p`, `div`, headings.
    Paragraph,
    /// The end of a line.
    Break,
    /// A list.
    List,
    /// A list with numbers.
    Numbered,
    /// An item of a list.
    Item,
    /// A link; its address begins with `https:` or `mailto:`.
    Link(String),
    /// A picture: its address, which begins with `https:`, and what those read who cannot see it.
    Picture(String, String),
}

/// The deepest nesting that is kept.
const MAX_DEPTH: usize = 32;
/// The longest text that is read, in bytes.
const MAX_LENGTH: usize = 100_000;

/// Reads a text. Always ends, in time linear in the length; what is not understood is left out, its words are kept.
pub fn parse(text: &str) -> Vec<Node> {
    let text = text.get(..MAX_LENGTH).unwrap_or(text);
    let mut reader = Reader {
        open: vec![(None, "", Vec::new())],
    };
    let mut rest = text;
    while let Some((words, behind)) = rest.split_once('<') {
        reader.words(words);
        let Some((tag, after)) = behind.split_once('>') else {
            reader.words("<");
            rest = behind;
            break;
        };
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        if !is_tag {
            reader.words("<");
            rest = behind;
            continue;
        }
        rest = after;
        let name = name_of(tag);
        if ["script", "style"]
            .iter()
            .any(|hidden| name.eq_ignore_ascii_case(hidden))
        {
            // What browsers would run is no words.
            rest = rest.split_once("</").map_or("", |(_, behind)| {
                behind.split_once('>').map_or("", |(_, after)| after)
            });
            continue;
        }
        reader.tag(tag, name);
    }
    reader.words(rest);
    reader.finish()
}

struct Reader<'a> {
    /// What is open: its tag, none for what is only looked through; its name; what is in it so far.
    open: Vec<(Option<Tag>, &'a str, Vec<Node>)>,
}

impl<'a> Reader<'a> {
    fn words(&mut self, words: &str) {
        if !words.is_empty() {
            self.add(Node::Words(decoded(words)));
        }
    }

    fn add(&mut self, node: Node) {
        if let Some((_, _, inside)) = self.open.last_mut() {
            inside.push(node);
        }
    }

    fn tag(&mut self, tag: &'a str, name: &'a str) {
        if tag.starts_with('/') {
            let at = self
                .open
                .iter()
                .rposition(|(_, open, _)| open.eq_ignore_ascii_case(name));
            if let Some(at) = at.filter(|&at| at > 0) {
                while self.open.len() > at {
                    self.close();
                }
            }
            return;
        }
        let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
        let heading = is(&["h1", "h2", "h3", "h4", "h5", "h6"]);
        if is(&["br", "hr"]) {
            return self.add(Node::Element(Tag::Break, Vec::new()));
        }
        if is(&["img"]) {
            let (link, words) = (attribute(tag, "src"), attribute(tag, "alt"));
            let words = words.unwrap_or_default();
            match link.filter(|link| link.starts_with("https:")) {
                Some(link) => self.add(Node::Element(Tag::Picture(link, words), Vec::new())),
                None => self.words(&words),
            }
            return;
        }
        let element = if is(&["b", "strong"]) || heading {
            Some(Tag::Strong)
        } else if is(&["i", "em", "u"]) {
            Some(Tag::Emphasis)
        } else if is(&["p", "div"]) {
            Some(Tag::Paragraph)
        } else if is(&["ul"]) {
            Some(Tag::List)
        } else if is(&["ol"]) {
            Some(Tag::Numbered)
        } else if is(&["li"]) {
            Some(Tag::Item)
        } else if is(&["a"]) {
            let link = attribute(tag, "href");
            let is_safe = |link: &String| link.starts_with("https:") || link.starts_with("mailto:");
            link.filter(is_safe).map(Tag::Link)
        } else {
            None
        };
        if heading {
            self.add(Node::Element(Tag::Break, Vec::new()));
        }
        // A slash at the end closes at once; so does what is nested too deep.
        if !tag.ends_with('/') && self.open.len() <= MAX_DEPTH {
            self.open.push((element, name, Vec::new()));
        }
    }

    fn close(&mut self) {
        let Some((tag, _, inside)) = self.open.pop() else {
            return;
        };
        match tag {
            Some(tag) => self.add(Node::Element(tag, inside)),
            None => inside.into_iter().for_each(|node| self.add(node)),
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while self.open.len() > 1 {
            self.close();
        }
        self.open
            .pop()
            .map(|(_, _, inside)| inside)
            .unwrap_or_default()
    }
}

fn name_of(tag: &str) -> &str {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    tag.split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
}

/// The value of an attribute.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    while let Some((before, behind)) = rest.split_once('=') {
        let key = before.split_ascii_whitespace().last().unwrap_or_default();
        let behind = behind.trim_start();
        let (value, after) = match behind.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = behind.get(1..).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => behind
                .split_once(char::is_whitespace)
                .unwrap_or((behind, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(decoded(value.trim()));
        }
        rest = after;
    }
    None
}

/// Words with the few entities that authors use.
fn decoded(words: &str) -> String {
    let mut text = String::new();
    let mut rest = words;
    while let Some((before, behind)) = rest.split_once('&') {
        text.push_str(before);
        let known = [
            ("amp;", "&"),
            ("lt;", "<"),
            ("gt;", ">"),
            ("quot;", "\""),
            ("#39;", "'"),
            ("apos;", "'"),
            ("nbsp;", "\u{a0}"),
        ];
        let entity = known.iter().find(|(entity, _)| behind.starts_with(entity));
        match entity {
            Some((entity, letter)) => {
                text.push_str(letter);
                rest = behind.get(entity.len()..).unwrap_or_default();
            }
            None => {
                text.push('&');
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    text
}
