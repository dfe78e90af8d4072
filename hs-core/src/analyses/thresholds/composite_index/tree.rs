//! The tree of an index: names of nodes over names of indicators.

use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an index is made of: nodes that hold nodes and indicators, in the order they were given.
///
/// As JSON an object of name to children; children are a list of indicators and objects, or an object again. One object of one node names
/// the index itself; otherwise it is called `index`.
///
/// # Examples
/// ```
/// use hs_core::analyses::thresholds::Tree;
///
/// let tree: Tree = serde_json::from_str(r#"{"risk": {"hazard": ["flood", "war"], "coping": ["governance"]}}"#).unwrap();
/// assert_eq!(serde_json::to_string(&tree).unwrap(), r#"[{"risk":[{"hazard":["flood","war"]},{"coping":["governance"]}]}]"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree {
    /// The uppermost parts.
    pub parts: Vec<Part>,
}

impl Tree {
    /// Names of the indicators, each once, in order.
    pub fn indicators(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut open: Vec<&Part> = self.parts.iter().rev().collect();
        while let Some(part) = open.pop() {
            match part {
                Part::Indicator(name) if !names.contains(name) => names.push(name.clone()),
                Part::Indicator(_) => {}
                Part::Node(_, parts) => open.extend(parts.iter().rev()),
            }
        }
        names
    }
}

/// A part of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// An indicator, by name.
    Indicator(String),
    /// A node: its name and its parts.
    Node(String, Vec<Part>),
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.parts.serialize(serializer)
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Part::Indicator(name) => name.serialize(serializer),
            Part::Node(name, parts) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(name, &Listed(parts))?;
                map.end()
            }
        }
    }
}

struct Listed<'a>(&'a [Part]);

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        self.0.iter().try_for_each(|part| list.serialize_element(part))?;
        list.end()
    }
}

/// The children of a node, as read.
struct Children(Vec<Part>);

struct ChildrenVisitor;

impl<'de> Visitor<'de> for ChildrenVisitor {
    type Value = Children;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of indicators and nodes, or nodes by name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Children, E> {
        Ok(Children(vec![Part::Indicator(name.to_owned())]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Children, A::Error> {
        let mut parts = Vec::new();
        while let Some(Element(found)) = list.next_element()? {
            parts.extend(found);
        }
        Ok(Children(parts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Children, A::Error> {
        let mut parts: Vec<Part> = Vec::new();
        while let Some((name, children)) = map.next_entry::<String, Option<Children>>()? {
            if parts.iter().any(|part| matches!(part, Part::Node(known, _) if *known == name)) {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
            // null stands for an indicator of that name among nodes
            parts.push(match children {
                Some(Children(parts)) => Part::Node(name, parts),
                None => Part::Indicator(name),
            });
        }
        Ok(Children(parts))
    }
}

/// One item of a list: an indicator, or nodes by name.
struct Element(Vec<Part>);

struct ElementVisitor;

impl<'de> Visitor<'de> for ElementVisitor {
    type Value = Element;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an indicator, or nodes by name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Element, E> {
        ChildrenVisitor.visit_str(name).map(|Children(parts)| Element(parts))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Element, A::Error> {
        ChildrenVisitor.visit_map(map).map(|Children(parts)| Element(parts))
    }
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ElementVisitor)
    }
}

impl<'de> Deserialize<'de> for Children {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChildrenVisitor)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Children::deserialize(deserializer).map(|Children(parts)| Tree { parts })
    }
}
