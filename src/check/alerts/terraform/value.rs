//! Values of Terraform expressions, as far as the configuration says them.

use hcl_edit::expr::BinaryOperator;

use super::super::pattern::Pattern;

/// A value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val {
    Null,
    /// Text, and numbers and truth values as Terraform writes them into text.
    Text(Pattern),
    List(Vec<Val>),
    Map(Vec<(String, Val)>),
    /// What only a plan knows, with the name that the author gave it.
    Unknown(String),
}

impl Val {
    pub(super) fn text(text: impl Into<String>) -> Val {
        Val::Text(Pattern::literal(text))
    }

    /// The text, with a hole for what is unknown; `None` for null, lists and objects.
    pub(super) fn pattern(&self) -> Option<Pattern> {
        match self {
            Val::Text(pattern) => Some(pattern.clone()),
            Val::Unknown(name) => Some(Pattern::hole(name.clone())),
            Val::Null | Val::List(_) | Val::Map(_) => None,
        }
    }

    pub(super) fn as_literal(&self) -> Option<&str> {
        match self {
            Val::Text(pattern) => pattern.as_literal(),
            _ => None,
        }
    }

    /// A list or an object, if it is not too large.
    pub(super) fn bounded(self) -> Val {
        if self.size() > MAX_SIZE { Val::Unknown(String::new()) } else { self }
    }

    pub(super) fn size(&self) -> usize {
        1 + match self {
            Val::List(items) => items.iter().map(Val::size).sum(),
            Val::Map(entries) => entries.iter().map(|(_, value)| value.size()).sum(),
            Val::Null | Val::Text(_) | Val::Unknown(_) => 0,
        }
    }

    /// The value of a key, or at a place.
    pub(super) fn part(&self, key: &str) -> Option<Val> {
        match self {
            Val::Map(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
            }
            Val::List(items) => items.get(key.parse::<usize>().ok()?).cloned(),
            Val::Null | Val::Text(_) | Val::Unknown(_) => None,
        }
    }

    /// Each key and value that a loop goes through; `None` where that is not known.
    pub(super) fn each(&self) -> Option<Vec<(Val, Val)>> {
        match self {
            Val::List(items) => {
                let numbered = items.iter().enumerate();
                Some(numbered.map(|(at, item)| (Val::text(at.to_string()), item.clone())).collect())
            }
            Val::Map(entries) => {
                let pairs = entries.iter();
                Some(pairs.map(|(key, value)| (Val::text(key.clone()), value.clone())).collect())
            }
            Val::Null | Val::Text(_) | Val::Unknown(_) => None,
        }
    }
}

pub(super) fn truth(value: &Val) -> Option<bool> {
    value.as_literal()?.parse().ok()
}

pub(super) fn number(value: &Val) -> Option<f64> {
    value.as_literal()?.parse().ok()
}

pub(super) fn compared(left: &Val, operator: BinaryOperator, right: &Val) -> Option<Val> {
    let held = match operator {
        BinaryOperator::Eq => equal(left, right)?,
        BinaryOperator::NotEq => !equal(left, right)?,
        BinaryOperator::And => match (truth(left), truth(right)) {
            (Some(false), _) | (_, Some(false)) => false,
            (one, other) => one? && other?,
        },
        BinaryOperator::Or => match (truth(left), truth(right)) {
            (Some(true), _) | (_, Some(true)) => true,
            (one, other) => one? || other?,
        },
        _ => {
            let (left, right) = (number(left)?, number(right)?);
            match operator {
                BinaryOperator::Less => left < right,
                BinaryOperator::LessEq => left <= right,
                BinaryOperator::Greater => left > right,
                BinaryOperator::GreaterEq => left >= right,
                BinaryOperator::Plus => return Some(Val::text((left + right).to_string())),
                BinaryOperator::Minus => return Some(Val::text((left - right).to_string())),
                BinaryOperator::Mul => return Some(Val::text((left * right).to_string())),
                BinaryOperator::Div => return Some(Val::text((left / right).to_string())),
                BinaryOperator::Mod => return Some(Val::text((left % right).to_string())),
                _ => return None,
            }
        }
    };
    Some(Val::text(held.to_string()))
}

/// Whether two values are equal; `None` where something in them is unknown.
pub(super) fn equal(left: &Val, right: &Val) -> Option<bool> {
    match (left, right) {
        (Val::Null, Val::Null) => Some(true),
        (Val::Null, Val::Text(_)) | (Val::Text(_), Val::Null) => Some(false),
        (left, right) => Some(left.as_literal()? == right.as_literal()?),
    }
}

/// How many values a list or an object may hold, those inside of it included.
pub(super) const MAX_SIZE: usize = 2_000;
