// The XML of services: what is read, what is refused and where.

import Formats
import Testing

@Suite("XML")
struct XMLReaderTests {
    @Test("elements, attributes, text and references are read")
    func reading() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <List xmlns="http://s3.example/" a='1 &lt; 2'>
              <Name>a&amp;b &#65;&#x1F600;&quot;&apos;&gt;</Name>
              <Empty/><Empty x="y" ></Empty>
              <Item><Key>é\r\nx\ry</Key></Item ><Item><Key>2</Key></Item>
            </List>

            """
        let root = try XMLReader.parse(Array(text.utf8))
        #expect(root.name == "List" && root["Name"] == "a&b A😀\"'>")
        #expect(root.all("Empty") == [XMLTree("Empty"), XMLTree("Empty")])
        #expect(root.all("Item").map { $0["Key"] } == ["é\nx\ny", "2"])
        #expect(root["Missing"] == nil)
    }

    @Test("what is written is read as the same")
    func writing() throws {
        let root = XMLTree("a", "", [XMLTree("b", "x < y & \r\n \"z\"", []), XMLTree("c-d.e:f")])
        #expect(try XMLReader.parse(root.encoded) == root)
        #expect(String(decoding: root.encoded, as: UTF8.self).contains("x &lt; y &amp; &#13;"))
    }

    @Test(
        "what is no XML of a service is refused with its place",
        arguments: [
            ("", "1:1: expected \"<\""), ("<a>", "1:4: \"a\" does not end"),
            ("<a></b>", "1:7: expected the end of \"a\""), ("<a/>x", "1:5: unexpected text after the document"),
            ("<!DOCTYPE a><a/>", "1:2: expected a name"), ("<a><!-- c --></a>", "1:5: expected a name"),
            ("<a><![CDATA[x]]></a>", "1:5: expected a name"), ("<a><?b?></a>", "1:5: expected a name"),
            ("<a>&b;</a>", "1:4: \"&b;\" is no reference that is known"),
            ("<a>&lt</a>", "1:4: a reference does not end"),
            ("<a>&#0;</a>", "1:4: \"&#0;\" is no reference that is known"),
            ("<a>&#xD800;</a>", "1:4: \"&#xD800;\" is no reference that is known"),
            ("<a>&#+65;</a>", "1:4: \"&#+65;\" is no reference that is known"),
            ("<a b=c/>", "1:6: expected a quoted value of \"b\""), ("<a b='<'/>", "1:7: a value of an attribute"),
            ("<a b='1' b='2'/>", "1:11: \"a\" has the attribute \"b\" twice"),
            ("<a b='1'c='2'/>", "1:9: expected the end"),
            ("<a\n>\n \u{1}</a>", "3:2: a control character"), ("<1/>", "1:2: expected a name"),
            ("\u{FEFF}<a/>", "1:1: expected \"<\""), ("<?xml <a/>", "1:11: expected \"?>\""),
        ])
    func refusals(text: String, message: String) {
        let error = #expect(throws: DataError.self) { try XMLReader.parse(Array(text.utf8)) }
        #expect(error.map { "\($0)" }?.hasPrefix(message) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test("nesting, sizes and numbers have limits, and bytes must be UTF-8")
    func limits() {
        func code(_ bytes: [UInt8]) -> DataError.Code? {
            do { _ = try XMLReader.parse(bytes) } catch { return error.code }
            return nil
        }
        func nested(_ count: Int) -> [UInt8] {
            Array((String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)).utf8)
        }
        #expect(code(nested(FormatLimits.xmlDepth)) == nil)
        #expect(code(nested(FormatLimits.xmlDepth + 1)) == .outOfRange)
        let many = "<a>" + String(repeating: "<b/>", count: FormatLimits.xmlElements) + "</a>"
        #expect(code(Array(many.utf8)) == .outOfRange)
        #expect(code([UInt8](repeating: 0x20, count: FormatLimits.xmlBytes + 1)) == .outOfRange)
        #expect(code(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) == .invalidUTF8)
    }
}
