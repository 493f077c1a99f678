//! Looks at one object of a merchant-presented code. Knows nothing of meaning.

use super::code::Code;
use super::scan::Node;

/// One object: an identifier and a value that may hold objects itself.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    code: &'a Code,
    index: usize,
}

/// The objects of one level, in the order in which the code has them.
#[derive(Clone)]
pub struct Objects<'a> {
    code: &'a Code,
    index: usize,
    end: usize,
}

impl<'a> Object<'a> {
    /// Identifier, 0 to 99.
    pub fn id(self) -> u8 {
        self.node().id
    }

    /// Characters of the code before this object.
    pub fn at(self) -> usize {
        usize::from(self.node().at)
    }

    /// The value as written.
    pub fn value(self) -> &'a str {
        let node = self.node();
        &self.code.text()[usize::from(node.start)..usize::from(node.end)]
    }

    /// Whether the value is a template that was read.
    pub fn is_template(self) -> bool {
        self.node().template
    }

    /// The objects of its template; none if it is not one.
    pub fn objects(self) -> Objects<'a> {
        Objects { code: self.code, index: self.index + 1, end: usize::from(self.node().next) }
    }

    /// The object `id` of its template.
    pub fn object(self, id: u8) -> Option<Object<'a>> {
        self.objects().find(|object| object.id() == id)
    }

    /// The value of object `id` of its template.
    pub fn text(self, id: u8) -> Option<&'a str> {
        self.object(id).map(Object::value)
    }

    pub(super) fn at_index(code: &'a Code, index: usize) -> Object<'a> {
        Object { code, index }
    }

    pub(super) fn node(self) -> Node {
        self.code.nodes()[self.index]
    }
}

impl std::fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Object({:02} = {:?})", self.id(), self.value())
    }
}

impl<'a> Objects<'a> {
    pub(crate) fn root(code: &'a Code) -> Objects<'a> {
        Objects { code, index: 0, end: code.nodes().len() }
    }
}

impl<'a> Iterator for Objects<'a> {
    type Item = Object<'a>;

    fn next(&mut self) -> Option<Object<'a>> {
        if self.index >= self.end {
            return None;
        }
        let object = Object { code: self.code, index: self.index };
        self.index = usize::from(object.node().next);
        Some(object)
    }
}
