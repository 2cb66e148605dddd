//! What a module's expressions say as far as its files go: variables, locals, inputs of a call, loops.
//!
//! What only a plan knows is [`Val::Unknown`], named after what the author typed: `environment` for `var.environment`,
//! `aws_sqs_queue.mail.name` for an attribute of a resource that no file gives.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use hcl_edit::Decorated;
use hcl_edit::expr::{
    Conditional, Expression, ForExpr, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Element;

use super::super::pattern::Pattern;
use super::super::values::VariableValues;
use super::functions;
use super::value::{Val, compared, number, truth};

/// How many expressions may be evaluated for one attribute; what comes after them is unknown.
const MAX_STEPS: usize = 10_000;

/// How deep expressions may stand in each other, those of locals included.
const MAX_DEPTH: usize = 60;

/// What the files of one folder declare.
#[derive(Default)]
pub(super) struct Module<'a> {
    pub(super) variables: BTreeMap<&'a str, &'a Block>,
    pub(super) locals: BTreeMap<&'a str, &'a Expression>,
    /// By type and name, as expressions call them.
    pub(super) resources: BTreeMap<(&'a str, &'a str), &'a Block>,
    /// The values that `.tfvars` files give: one where Terraform loads the file by itself, else one of each file.
    pub(super) given: BTreeMap<String, Vec<Val>>,
}

impl<'a> Module<'a> {
    pub(super) fn declare(&mut self, body: &'a Body) {
        for block in body.blocks() {
            let labels: Vec<&str> =
                block.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect();
            match (block.ident.as_str(), &labels[..]) {
                ("variable", [name]) => {
                    self.variables.insert(name, block);
                }
                ("resource", [kind, name]) => {
                    self.resources.insert((kind, name), block);
                }
                ("locals", []) => {
                    let locals = block.body.attributes();
                    self.locals.extend(locals.map(|local| (local.key.as_str(), &local.value)));
                }
                _ => {}
            }
        }
    }
}

/// A module as it is called, with what its loops have bound.
pub(super) struct Scope<'s, 'a> {
    module: &'s Module<'a>,
    inputs: &'s BTreeMap<String, Val>,
    values: &'s VariableValues,
    bound: Vec<(String, Val)>,
    /// What locals say; `None` for one that is being evaluated, which must not ask for itself.
    locals: RefCell<BTreeMap<&'a str, Option<Val>>>,
    steps: Cell<usize>,
}

impl<'s, 'a> Scope<'s, 'a> {
    pub(super) fn new(
        module: &'s Module<'a>,
        inputs: &'s BTreeMap<String, Val>,
        values: &'s VariableValues,
    ) -> Scope<'s, 'a> {
        Scope {
            module,
            inputs,
            values,
            bound: Vec::new(),
            locals: RefCell::default(),
            steps: Cell::new(0),
        }
    }

    /// The same with names bound, as `each.key` and `count.index`.
    pub(super) fn with(&self, bound: Vec<(String, Val)>) -> Scope<'s, 'a> {
        let mut all = self.bound.clone();
        all.extend(bound);
        Scope {
            module: self.module,
            inputs: self.inputs,
            values: self.values,
            bound: all,
            locals: RefCell::new(self.locals.borrow().clone()),
            steps: Cell::new(0),
        }
    }

    /// What an expression says.
    pub(super) fn value(&self, expression: &'a Expression) -> Val {
        self.steps.set(0);
        self.evaluated(expression, 0)
    }

    fn evaluated(&self, expression: &'a Expression, depth: usize) -> Val {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS || depth > MAX_DEPTH {
            return Val::Unknown(String::new());
        }
        let depth = depth + 1;
        let inner = |expression: &'a Expression| self.evaluated(expression, depth);
        match expression {
            Expression::Null(_) => Val::Null,
            Expression::Bool(bool) => Val::text(bool.value().to_string()),
            Expression::Number(number) => Val::text(number.value().to_string()),
            Expression::String(text) => Val::text(text.value().clone()),
            Expression::Array(items) => Val::List(items.iter().map(inner).collect()).bounded(),
            Expression::Object(object) => {
                let entries = object.iter().filter_map(|(key, value)| {
                    Some((self.key(key, depth)?, self.evaluated(value.expr(), depth)))
                });
                Val::Map(entries.collect()).bounded()
            }
            Expression::StringTemplate(template) => self.template(template.iter(), depth),
            Expression::HeredocTemplate(heredoc) => self.template(heredoc.template.iter(), depth),
            Expression::Parenthesis(inside) => inner(inside.inner()),
            Expression::Variable(name) => self.bound(name.as_str()),
            Expression::Traversal(traversal) => self.traversed(traversal, depth),
            Expression::Conditional(conditional) => self.chosen(conditional, depth),
            Expression::FuncCall(call) => {
                let arguments: Vec<Val> = call.args.iter().map(inner).collect();
                let arguments = match arguments.split_last() {
                    Some((Val::List(last), first)) if call.args.expand_final() => {
                        first.iter().chain(last).cloned().collect()
                    }
                    _ => arguments,
                };
                functions::call(call.name.name.as_str(), arguments)
            }
            Expression::UnaryOp(operation) => match operation.operator.value() {
                UnaryOperator::Not => truth(&inner(&operation.expr))
                    .map_or_else(unknown, |held| Val::text((!held).to_string())),
                UnaryOperator::Neg => number(&inner(&operation.expr))
                    .map_or_else(unknown, |number| Val::text((-number).to_string())),
            },
            Expression::BinaryOp(operation) => {
                let (left, right) = (inner(&operation.lhs_expr), inner(&operation.rhs_expr));
                compared(&left, *operation.operator.value(), &right).unwrap_or_else(unknown)
            }
            Expression::ForExpr(each) => self.looped(each, depth).unwrap_or_else(unknown),
        }
    }

    fn key(&self, key: &'a ObjectKey, depth: usize) -> Option<String> {
        match key {
            ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => {
                Some(name.as_str().to_string())
            }
            ObjectKey::Expression(expression) => {
                self.evaluated(expression, depth).as_literal().map(ToString::to_string)
            }
        }
    }

    fn template(&self, elements: impl Iterator<Item = &'a Element>, depth: usize) -> Val {
        let mut text = Pattern::default();
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_literal(literal.value()),
                Element::Interpolation(interpolation) => {
                    let value = self.evaluated(&interpolation.expr, depth).pattern();
                    text.append(value.unwrap_or_else(|| Pattern::hole("")));
                }
                Element::Directive(_) => text.append(Pattern::hole("")),
            }
        }
        Val::Text(text)
    }

    /// A name that a loop has bound.
    fn bound(&self, name: &str) -> Val {
        let bound = self.bound.iter().rev().find(|(bound, _)| bound == name);
        bound.map_or_else(|| Val::Unknown(name.to_string()), |(_, value)| value.clone())
    }

    /// `var.name`, `local.name`, `each.key`, a resource's attribute, and parts of what they hold.
    fn traversed(&self, traversal: &'a Traversal, depth: usize) -> Val {
        let name = typed_name(traversal);
        let unknown = || Val::Unknown(name.clone());
        let operators = &traversal.operators[..];
        let attribute = |at: usize| match operators.get(at).map(Decorated::value) {
            Some(TraversalOperator::GetAttr(name)) => Some(name.as_str()),
            _ => None,
        };
        let root = match &traversal.expr {
            Expression::Variable(root) => root.as_str(),
            other => {
                let whole = self.evaluated(other, depth);
                return self.parts(whole, operators, depth).unwrap_or_else(unknown);
            }
        };
        let (whole, used) = match (root, attribute(0)) {
            ("var", Some(name)) => (self.variable(name, depth), 1),
            ("local", Some(name)) => (self.local(name, depth), 1),
            ("each" | "count", Some(part)) => (self.bound(&format!("{root}.{part}")), 1),
            (kind, Some(name)) if attribute(1).is_some() => {
                let block = self.module.resources.get(&(kind, name));
                let given = block.and_then(|block| block.body.get_attribute(attribute(1)?));
                (given.map_or_else(unknown, |given| self.evaluated(&given.value, depth)), 2)
            }
            _ => (self.bound(root), 0),
        };
        if let Val::Unknown(inner) = &whole {
            // What a local calls by another name is best known by that name.
            let is_named = !inner.is_empty() && operators.len() == used && root != "each";
            return if is_named { whole } else { unknown() };
        }
        self.parts(whole, &operators[used..], depth).unwrap_or_else(unknown)
    }

    fn parts(
        &self,
        whole: Val,
        operators: &'a [Decorated<TraversalOperator>],
        depth: usize,
    ) -> Option<Val> {
        operators.iter().try_fold(whole, |value, operator| match operator.value() {
            TraversalOperator::GetAttr(name) => value.part(name.as_str()),
            TraversalOperator::Index(index) => {
                value.part(self.evaluated(index, depth).as_literal()?)
            }
            TraversalOperator::LegacyIndex(index) => value.part(&index.value().to_string()),
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => None,
        })
    }

    fn variable(&self, name: &str, depth: usize) -> Val {
        if let Some(input) = self.inputs.get(name) {
            return input.clone();
        }
        if let Some(values) = self.values.of(name) {
            return Val::Text(Pattern::hole_of(name, values.to_vec()));
        }
        match self.module.given.get(name).map(Vec::as_slice) {
            Some([only]) => return only.clone(),
            Some(several) => {
                let texts = several.iter().map(|value| value.as_literal().map(str::to_string));
                let texts = texts.collect::<Option<Vec<String>>>().unwrap_or_default();
                return Val::Text(Pattern::hole_of(name, texts));
            }
            None => {}
        }
        let block = self.module.variables.get(name).copied();
        match block.and_then(|block| block.body.get_attribute("default")) {
            Some(default) => match self.evaluated(&default.value, depth) {
                Val::Null => Val::Unknown(name.to_string()),
                value => value,
            },
            None => Val::Unknown(name.to_string()),
        }
    }

    fn local(&self, name: &str, depth: usize) -> Val {
        let Some((name, expression)) = self.module.locals.get_key_value(name) else {
            return Val::Unknown(name.to_string());
        };
        if let Some(known) = self.locals.borrow().get(name) {
            return known.clone().unwrap_or_else(unknown);
        }
        self.locals.borrow_mut().insert(name, None);
        let value = match self.evaluated(expression, depth) {
            Val::Text(text) => Val::Text(text.named(name)),
            Val::Unknown(inner) if inner.is_empty() => Val::Unknown((*name).to_string()),
            value => value,
        };
        self.locals.borrow_mut().insert(name, Some(value.clone()));
        value
    }

    /// `condition ? one : other`: either, if the condition is not known and both are texts.
    fn chosen(&self, conditional: &'a Conditional, depth: usize) -> Val {
        let one = || self.evaluated(&conditional.true_expr, depth);
        let other = || self.evaluated(&conditional.false_expr, depth);
        match truth(&self.evaluated(&conditional.cond_expr, depth)) {
            Some(true) => one(),
            Some(false) => other(),
            None => {
                let (one, other) = (one(), other());
                if one == other {
                    return one;
                }
                let texts = |value: &Val| value.pattern().and_then(|text| text.expanded(16));
                let both = texts(&one).zip(texts(&other)).map(|(one, other)| [one, other].concat());
                Val::Text(Pattern::hole_of("", both.unwrap_or_default()))
            }
        }
    }

    fn looped(&self, each: &'a ForExpr, depth: usize) -> Option<Val> {
        let collection = self.evaluated(&each.intro.collection_expr, depth).each()?;
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        for (key, value) in collection {
            let mut bound = vec![(each.intro.value_var.as_str().to_string(), value)];
            bound.extend(each.intro.key_var.as_ref().map(|name| (name.as_str().to_string(), key)));
            let inside = self.with(bound);
            inside.steps.set(self.steps.get());
            let kept = match &each.cond {
                Some(condition) => truth(&inside.evaluated(&condition.expr, depth))?,
                None => true,
            };
            if kept {
                let value = inside.evaluated(&each.value_expr, depth);
                match &each.key_expr {
                    Some(key) => {
                        let key = inside.evaluated(key, depth).as_literal()?.to_string();
                        entries.push((key, value));
                    }
                    None => items.push(value),
                }
            }
            self.steps.set(inside.steps.get());
        }
        let value = if each.key_expr.is_some() { Val::Map(entries) } else { Val::List(items) };
        Some(value.bounded())
    }
}

fn unknown() -> Val {
    Val::Unknown(String::new())
}

/// A traversal as it is typed, without `var.` and `local.` and without indices.
fn typed_name(traversal: &Traversal) -> String {
    let root = match &traversal.expr {
        Expression::Variable(root) => root.as_str(),
        _ => "",
    };
    let attributes = traversal.operators.iter().filter_map(|operator| match operator.value() {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        _ => None,
    });
    let parts: Vec<&str> = std::iter::once(root)
        .filter(|root| !matches!(*root, "" | "var" | "local"))
        .chain(attributes)
        .collect();
    parts.join(".")
}
