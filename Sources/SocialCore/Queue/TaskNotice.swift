// What an account is told of a task that it asked for.

internal import Formats

/// The result of a task, as a notice of an account.
package struct TaskNotice: Equatable, Sendable {
    /// The topic of the task.
    package var topic: String
    /// Its number in the topic.
    package var n: Int64
    /// Whether it was done; false when it was tried too often.
    package var isDone: Bool
    /// What came of it, or why it failed.
    package var text: String

    /// The result of a task.
    package init(topic: String, n: Int64, isDone: Bool, text: String) {
        self.topic = topic
        self.n = n
        self.isDone = isDone
        self.text = text
    }

    /// The name of the notice, which is the same when the task is done again.
    package var name: String { "task/\(topic)/\(n)" }

    /// The notice in words.
    package var sentence: String { "task \(n) of \(topic) \(isDone ? "is done" : "has failed"): \(text)" }

    /// The notice as JSON: `{"kind","topic","n","done","result","text"}`, of which the text is for people.
    package var bytes: [UInt8] {
        var json = JSONWriter()
        json.value([
            "kind": "notice", "topic": .string(topic), "n": .integer(n), "done": .bool(isDone),
            "result": .string(text), "text": .string(sentence),
        ])
        return json.bytes
    }

    /// The notice of an attribute; nil when it is none of a task.
    package init?(_ record: AttributeRecord) {
        guard record.kind == .notice, record.name.hasPrefix("task/"),
            let document = try? JSONReader.parse(record.value), let topic = document["topic"]?.string,
            let n = document["n"]?.integer, let isDone = document["done"]?.bool, let text = document["result"]?.string
        else { return nil }
        self.init(topic: topic, n: n, isDone: isDone, text: text)
    }
}
