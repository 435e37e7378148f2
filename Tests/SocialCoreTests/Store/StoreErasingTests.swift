// What every store engine must do when the names of somebody who is gone are erased.

import SocialCore
import TestKit
import Testing

@Suite("A store erases names")
struct StoreErasingTests {
    @Test("Handles become hashes that nobody can take, and keys are forgotten", arguments: StoreEngine.allCases)
    func names(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        _ = try store.post(ada, "by ada", key: "k")
        _ = try store.post(bob, "by bob", key: "k")
        let claim = HandleClaim(key: "lovelace", account: ada, operation: 7)
        _ = try store.write { try $0.claimHandle(claim) }
        _ = try store.write { try $0.rename(ada, to: Handle("Lovelace"), operation: 7) }
        _ = try store.write { try $0.settle(claim, isConfirmed: true) }
        _ = try store.write { try $0.deleteAccount(ada) }
        #expect(try store.read { try $0.handleKeys(of: ada) } == ["ada", "lovelace"])
        #expect(try store.read { try $0.operations(of: ada) }.map(\.verb) == ["post create", "user rename"])
        let head = try store.read { try $0.state() }.head
        #expect(try store.write { try $0.eraseNames(of: ada) } == 4)
        let keys = [Handle.remnant(ofKey: "ada"), Handle.remnant(ofKey: "lovelace")]
        try store.read { (reader) throws in
            #expect(try reader.handleKeys(of: ada) == keys.sorted())
            #expect(try reader.operations(of: ada).isEmpty && reader.operations(of: bob).count == 1)
            #expect(try reader.owner(ofKey: "ada") == ada && reader.owner(ofKey: keys[1]) == ada)
            #expect(try reader.owner(ofKey: "bob") == bob && reader.owner(ofKey: "adb") == nil)
            #expect(try reader.state().head == head, "no view has to know of it")
        }
        try store.expectSums()
        for name in ["ADA", "lovelace"] {
            let draft = AccountDraft(handle: try Handle(name))
            #expect(refusal { _ = try store.write { try $0.createAccount(draft, now: noon) } } == "handle_taken")
        }
        let theirs = HandleClaim(key: "ada", account: bob, operation: 9)
        #expect(refusal { _ = try store.write { try $0.claimHandle(theirs) } } == "handle_taken")
        let before = try store.image()
        #expect(try store.write { try $0.eraseNames(of: ada) } == 0)
        #expect(try store.image() == before)
    }

    @Test("A row of the handle itself adds nothing to its hash, and replaces it not", arguments: StoreEngine.allCases)
    func restoring(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        _ = try store.write { try $0.deleteAccount(ada) }
        _ = try store.write { try $0.eraseNames(of: ada) }
        let before = try store.image()
        func restore(_ key: String, _ account: UserID, replacing: Bool) throws -> Bool {
            let row = TruthRow.handle(key: key, account: account)
            return try store.write { try $0.restore(row, in: row.slot, replacing: replacing, now: noon) }
        }
        #expect(try !restore("ada", ada, replacing: false))
        #expect(try !restore(Handle.remnant(ofKey: "ada"), ada, replacing: true))
        for isReplacing in [false, true] {
            #expect(refusal { _ = try restore("ada", bob, replacing: isReplacing) } == "row_differs")
        }
        #expect(try store.image() == before)
    }
}

@Suite("What is left of a handle")
struct HandleRemnantTests {
    @Test("lies in the handle's slot, is no handle, and differs from that of any other")
    func form() throws {
        let chance = Chance(case: 8_200)
        var seen: Set<String> = []
        for number in 0..<500 {
            let key = "h\(number).\(String(chance.next(), radix: 36))"
            let remnant = Handle.remnant(ofKey: key)
            #expect(Slot(ofKey: remnant) == Slot(ofKey: key))
            #expect(Handle.isRemnant(remnant) && !Handle.isRemnant(key) && (try? Handle(remnant)) == nil)
            #expect(seen.insert(remnant).inserted)
            #expect(!remnant.contains(key))
        }
        let remnant = Handle.remnant(ofKey: "ana")
        for wrong in [remnant + "0", String(remnant.dropLast()), "#g" + remnant.dropFirst(2), "#", ""] {
            #expect(!Handle.isRemnant(wrong))
        }
        #expect(Handle.remnant(ofKey: "ana") == "#fe2" + remnant.dropFirst(4))
    }
}
