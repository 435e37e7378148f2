// A file of people becomes accounts: NDJSON objects, or CSV under a heading. The whole file is read and compared with
// what is there before the first account is made, so that a bad row changes nothing; accounts that are there and equal
// stay as they are, so an import that was stopped is simply repeated.

package import Formats

/// How a file of people is imported.
package struct AccountImport: Sendable {
    /// What becomes of an account that is there and differs.
    package enum Existing: String, CaseIterable, Sendable {
        /// Its row is bad.
        case error
        /// It stays as it is.
        case ignore
        /// It gets the profile of its row.
        case replace
    }

    /// The form of the file.
    package var form: FieldReader.Form
    /// What becomes of an account that is there and differs.
    package var existing = Existing.error
    /// How many accounts share a transaction.
    package var batchRows = Limits.importBatchRows

    /// How a file of people is imported.
    package init(form: FieldReader.Form) { self.form = form }

    /// What an import did.
    package struct Summary: Equatable, Sendable {
        /// Accounts that were made.
        package var created = 0
        /// Accounts that got another profile.
        package var updated = 0
        /// Accounts that were there and stay as they are.
        package var present = 0
    }

    /// Reads a file and makes its accounts.
    ///
    /// - Throws: `FileError` with line and column for a bad row, unless those are left out; nothing is written then.
    package func run(_ input: InputFile, _ badRows: BadRows, accounts: Accounts) throws -> Summary {
        try badRows.naming {
            let rows = try read(input, badRows, accounts.context)
            var summary = Summary()
            let plan = try compare(rows, badRows, accounts, &summary)
            try accounts.create(plan.drafts, batchRows: batchRows, &summary)
            try accounts.replace(plan.profiles, batchRows: batchRows, &summary)
            return summary
        }
    }

    // MARK: Reading

    /// A row that can be an account.
    private struct Row {
        var draft: AccountDraft
        var handle: FieldReader.Field
        /// The row as it stands in the file, kept only where it may yet turn out to be bad.
        var bytes: ArraySlice<UInt8>
    }

    private func read(_ input: InputFile, _ badRows: BadRows, _ context: Context) throws -> [Row] {
        let lines = LineReader(limitBytes: 8 * Limits.profileFieldBytes, source: try input.open())
        var reader = try FieldReader(form, lines, requiring: "handle")
        badRows.heading = reader.heading
        var rows: [Row] = []
        var seen: Set<String> = []
        while true {
            do {
                guard let record = try reader.next() else { break }
                guard let field = record["handle"] else {
                    throw DataError(.syntax, line: record.line, column: 1, "\"handle\" is missing")
                }
                let draft = try draft(record, field, context.clock.now)
                guard seen.insert(draft.handle.key).inserted else {
                    throw field.fault("\"\(draft.handle)\" is there twice")
                }
                let bytes = badRows.policy == .stop ? [] : Array(reader.lastRecord)
                rows.append(Row(draft: draft, handle: field, bytes: bytes[...]))
            } catch let error as DataError { try badRows.take(error, reader.lastRecord) }
        }
        if rows.isEmpty, badRows.count == 0 {
            throw DataError(.syntax, line: 1, column: 1, "there is no account in the file")
        }
        return rows
    }

    private func draft(
        _ record: FieldReader.Record, _ handle: FieldReader.Field, _ now: Timestamp
    ) throws(DataError) -> AccountDraft {
        func time(_ name: String) throws(DataError) -> Timestamp? {
            guard let milliseconds = try record.time(name), let field = record[name] else { return nil }
            let time = Timestamp(milliseconds: milliseconds)
            guard time.isImportable(at: now) else { throw field.fault("it lies before 2004 or in the future") }
            return time
        }
        let name = try record.text("handle") ?? ""
        let parsed: Handle
        do { parsed = try Handle(name) } catch { throw handle.fault("\(error)") }
        var draft = AccountDraft(handle: parsed)
        draft.profile.name = try record.text("name")
        draft.profile.bio = try record.text("bio")
        draft.profile.location = try record.text("location")
        draft.profile.link = try record.text("link")
        draft.time = try time("created_at")
        draft.activeAt = try time(record["last_active_at"] == nil ? "active_at" : "last_active_at")
        var place = handle
        var further: [JSONValue.Member] = []
        do {
            for field in record.fields where !Self.known.contains(field.name) {
                place = field
                if field.name == "fields", let members = Self.members(of: field.value) {
                    for member in members { try AccountRecord.Profile.check(key: member.key) }
                    further += members
                } else {
                    try AccountRecord.Profile.check(key: field.name)
                    further.append(JSONValue.Member(field.name, field.value))
                }
            }
            place = handle
            try draft.profile.set(further)
            try draft.profile.check()
        } catch { throw DataError(.syntax, line: place.line, column: place.column, "\(error)") }
        return draft
    }

    /// The members of an object, which a CSV cell holds as text.
    private static func members(of value: JSONValue) -> [JSONValue.Member]? {
        if case .string(let text) = value { return (try? JSONReader.parse(text))?.object }
        return value.object
    }

    /// The names that have a meaning of their own, and those that `user list` prints beside them.
    private static let known = [
        "handle", "name", "bio", "location", "link", "created_at", "last_active_at", "active_at", "id", "followers",
        "following", "cursor", "changed",
    ]

    // MARK: Comparing

    /// Sorts the rows into accounts to be made and profiles to be replaced.
    private func compare(
        _ rows: [Row], _ badRows: BadRows, _ accounts: Accounts, _ summary: inout Summary
    ) throws -> (drafts: [AccountDraft], profiles: [(UserID, AccountRecord.Profile)]) {
        var drafts: [AccountDraft] = []
        var profiles: [(UserID, AccountRecord.Profile)] = []
        let owners = try accounts.owners(of: rows.map(\.draft.handle))
        let records = try accounts.records(of: owners.compactMap(\.self))
        var next = records.makeIterator()
        for (row, owner) in zip(rows, owners) {
            guard let owner else {
                drafts.append(row.draft)
                continue
            }
            let handle = row.draft.handle
            guard let account = next.next().flatMap(\.self), account.handle.key == handle.key else {
                try badRows.take(row.handle.fault("\"\(handle)\" belonged to another account"), row.bytes)
                continue
            }
            if account.profile == row.draft.profile || existing == .ignore {
                summary.present += 1
            } else if existing == .replace {
                profiles.append((owner, row.draft.profile))
            } else {
                let message = "\"\(handle)\" is taken by an account with other fields (see --if-exists)"
                try badRows.take(row.handle.fault(message), row.bytes)
            }
        }
        return (drafts, profiles)
    }
}

extension Accounts {
    /// Whom each handle names, also when that account is gone or has another handle by now; nil where it is free.
    fileprivate func owners(of handles: [Handle]) throws -> [UserID?] {
        try router.gather(handles, slot: { Slot(of: $0) }) { try $0.owner(ofKey: $1.key) }
    }

    /// Makes accounts, a transaction a shard and batch.
    fileprivate func create(
        _ drafts: [AccountDraft], batchRows: Int, _ summary: inout AccountImport.Summary
    ) throws {
        let now = context.clock.now
        context.observer?.begin("importing accounts", total: drafts.count)
        defer { context.observer?.end() }
        var done: Set<String> = []
        func count(_ created: Int, of part: some Collection<AccountDraft>) {
            summary.created += created
            summary.present += part.count - created
            context.observer?.advance(by: part.count)
            for draft in part { done.insert(draft.handle.key) }
        }
        let slot = { (draft: AccountDraft) in Slot(of: draft.handle) }
        do {
            try router.write(drafts, batchRows: batchRows, accounts: .makes, slot: slot) { writer, part in
                try part.count { try writer.createAccount($0, now: now).isNew }
            } committed: { created, part in
                count(created, of: part)
            }
        } catch let error as StoreError where error.code == .handleClaimed {
            // A rename was left half done: each account by itself, which settles it.
            for draft in drafts where !done.contains(draft.handle.key) {
                count(try create(draft).isNew ? 1 : 0, of: CollectionOfOne(draft))
            }
        }
    }

    /// Gives accounts other profiles, a transaction a shard and batch.
    fileprivate func replace(
        _ profiles: [(UserID, AccountRecord.Profile)], batchRows: Int, _ summary: inout AccountImport.Summary
    ) throws {
        context.observer?.begin("importing accounts", total: profiles.count)
        defer { context.observer?.end() }
        try router.write(profiles, batchRows: batchRows, accounts: .none, slot: \.0.slot) { writer, part in
            try part.count { id, profile in try writer.updateAccount(id) { $0 = profile }.isNew }
        } committed: { updated, part in
            summary.updated += updated
            summary.present += part.count - updated
            context.observer?.advance(by: part.count)
        }
    }
}
