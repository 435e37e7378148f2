// An element of an XML document as services answer with it: a name, and text or further elements. Attributes say
// nothing that anybody here needs, so they are read and left out.

/// An element of XML.
package struct XMLTree: Equatable, Sendable {
    /// Its name, with a prefix where it has one.
    package var name: String
    /// The text that stands directly in it, all pieces together.
    package var text: String
    /// The elements in it, in their order.
    package var children: [XMLTree]

    /// An element.
    package init(_ name: String, _ text: String = "", _ children: [XMLTree] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    /// The text of the first child of a name; nil when there is none.
    package subscript(name: String) -> String? { children.first { $0.name == name }?.text }

    /// The children of a name.
    package func all(_ name: String) -> [XMLTree] { children.filter { $0.name == name } }

    /// The element as a document; its own text comes before its children.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        bytes += "<\(name)>".utf8
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            // Readers make a newline of it.
            case ASCII.carriageReturn: bytes += "&#13;".utf8
            default: bytes.append(byte)
            }
        }
        for child in children { child.append(to: &bytes) }
        bytes += "</\(name)>".utf8
    }
}
