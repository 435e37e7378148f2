// What every store engine must do with changes of profiles and handles. A rename is three steps on up to two sources;
// here they are taken in every order, more than once, and left half done.

import SocialCore
import TestKit
import Testing

@Suite("A store changes profiles and handles")
struct StoreRenameTests {
    @Test("A profile is changed once", arguments: StoreEngine.allCases)
    func update(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ada = try store.account("ada")
        let head = try store.read { try $0.state() }.head
        let change: (inout AccountRecord.Profile) -> Void = { profile in
            profile.name = "Ada"
            profile.fields = "{\"a\":1}"
        }
        let changed = try store.write { try $0.updateAccount(ada.id, change) }
        #expect(changed.isNew && changed.value.profile == .init(name: "Ada", fields: "{\"a\":1}"))
        #expect(changed.value.id == ada.id && changed.value.activeAt == ada.activeAt)
        #expect(try !store.write { try $0.updateAccount(ada.id, change) }.isNew)
        #expect(try store.read { try $0.account(ada.id) } == changed.value)
        let entries = try store.read { try $0.events(after: head, entryLimit: 9) }.map(\.entries)
        #expect(entries == [[.accountChanged(ada.id)]])
        let before = try store.image()
        #expect(throws: Interruption.self) {
            try store.write { writer in
                _ = try writer.updateAccount(ada.id) { profile in
                    profile.bio = "lost"
                    throw Interruption()
                }
            }
        }
        let nobody = UserID(rawValue: ada.id.rawValue + 1)
        #expect(refusal { _ = try store.write { try $0.updateAccount(nobody) { _ in } } } == "no_such_account")
        #expect(try store.image() == before)
        try store.expectSums()
    }

    /// A source with an account that is about to be called "lovelace".
    private struct Scene {
        let store: any Store
        let ada: AccountRecord
        let handle: Handle
        let claim: HandleClaim

        init(_ engine: StoreEngine) throws {
            store = try StoreFixture(engine).open()
            ada = try store.account("ada")
            handle = try Handle("Lovelace")
            claim = HandleClaim(key: handle.key, account: ada.id, operation: 7)
        }

        func take(_ claim: HandleClaim) throws -> Bool { try store.write { try $0.claimHandle(claim) } }
        func rename() throws -> AccountRecord {
            try store.write { try $0.rename(ada.id, to: handle, operation: claim.operation) }
        }
        func callOff() throws -> Bool {
            try store.write { try $0.callOffRename(of: ada.id, operation: claim.operation) }
        }
        func settle(_ isConfirmed: Bool) throws { try store.write { try $0.settle(claim, isConfirmed: isConfirmed) } }
        var owner: UserID? { get throws { try store.read { try $0.owner(ofKey: handle.key) } } }
    }

    @Test("Claimed, taken and confirmed, each as often as one likes", arguments: StoreEngine.allCases)
    func rename(engine: StoreEngine) throws {
        let scene = try Scene(engine)
        #expect(try !scene.take(scene.claim) && !scene.take(scene.claim))
        #expect(try scene.store.read { try $0.claims() } == [scene.claim])
        #expect(try scene.store.read { try $0.claim(key: "lovelace") } == scene.claim)
        #expect(try scene.owner == nil, "a claim is no handle yet")
        let head = try scene.store.read { try $0.state() }.head
        for _ in 0..<2 {
            let renamed = try scene.rename()
            #expect(renamed.handle.display == "Lovelace" && renamed.id == scene.ada.id)
            #expect(try scene.store.read { try $0.account(scene.ada.id) } == renamed)
        }
        #expect(try !scene.callOff(), "it holds")
        for _ in 0..<2 { try scene.settle(true) }
        try scene.settle(false)
        #expect(try scene.owner == scene.ada.id && scene.store.read { try $0.claims() }.isEmpty)
        #expect(try scene.store.read { try $0.owner(ofKey: "ada") } == scene.ada.id, "the old one goes on naming it")
        let entries = try scene.store.read { try $0.events(after: head, entryLimit: 9) }.flatMap(\.entries)
        #expect(entries == [.accountChanged(scene.ada.id)])
        let verb = try scene.store.read { try $0.operation(scene.ada.id, HandleClaim.verb, "7") }
        #expect(verb?.result == 1)
        #expect(try scene.take(HandleClaim(key: "ada", account: scene.ada.id, operation: 8)), "it has that already")
        try scene.store.expectSums()
        #expect(try scene.store.read { try $0.accounts(prefix: "", page: Page()) }.map(\.handle.key) == ["lovelace"])
        #expect(try scene.store.read { try $0.accounts(prefix: "ada", page: Page()) }.isEmpty)
        #expect(try scene.store.read { try $0.accounts(prefix: "love", page: Page()) }.count == 1)
    }

    @Test("Called off before the account took it, it is refused for ever", arguments: StoreEngine.allCases)
    func calledOff(engine: StoreEngine) throws {
        let scene = try Scene(engine)
        _ = try scene.take(scene.claim)
        #expect(try scene.callOff() && scene.callOff())
        #expect(refusal { _ = try scene.rename() } == "rename_called_off")
        try scene.settle(false)
        #expect(try scene.owner == nil && scene.store.read { try $0.claims() }.isEmpty)
        try scene.settle(true)
        #expect(try scene.owner == nil, "without its claim nothing is confirmed")
        #expect(refusal { _ = try scene.rename() } == "rename_called_off")
        #expect(try scene.store.account("lovelace").id != scene.ada.id, "the handle is free again")
        try scene.store.expectSums()
    }

    @Test("A handle that is claimed, had or reserved is nobody else's", arguments: StoreEngine.allCases)
    func refusals(engine: StoreEngine) throws {
        let scene = try Scene(engine)
        let bob = try scene.store.account("bob").id
        _ = try scene.take(scene.claim)
        let before = try scene.store.image()
        let draft = AccountDraft(handle: scene.handle)
        #expect(refusal { _ = try scene.store.write { try $0.createAccount(draft, now: noon) } } == "handle_claimed")
        let theirs = HandleClaim(key: "lovelace", account: bob, operation: 9)
        #expect(refusal { _ = try scene.take(theirs) } == "handle_claimed")
        let again = HandleClaim(key: "lovelace", account: scene.ada.id, operation: 9)
        #expect(refusal { _ = try scene.take(again) } == "handle_claimed", "another rename of the same account")
        try scene.store.write { try $0.settle(theirs, isConfirmed: true) }
        try scene.store.write { try $0.settle(again, isConfirmed: false) }
        #expect(try scene.store.image() == before && scene.store.read { try $0.claims() } == [scene.claim])
        _ = try scene.rename()
        try scene.settle(true)
        #expect(refusal { _ = try scene.take(theirs) } == "handle_taken")
        #expect(refusal { _ = try scene.take(HandleClaim(key: "ada", account: bob, operation: 3)) } == "handle_taken")
        for name in ["ada", "Lovelace2", "lovelace"] {
            let draft = AccountDraft(handle: try Handle(name))
            let code = refusal { _ = try scene.store.write { try $0.createAccount(draft, now: noon) } }
            #expect(code == (name == "Lovelace2" ? nil : "handle_taken"), "\(name)")
        }
        let nobody = UserID(rawValue: bob.rawValue + 1)
        #expect(
            refusal { _ = try scene.store.write { try $0.rename(nobody, to: scene.handle, operation: 1) } }
                == "no_such_account")
        try scene.store.expectSums()
    }

    @Test("Making an account under a key finds it again, also under its old handle", arguments: StoreEngine.allCases)
    func keys(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        var draft = AccountDraft(handle: try Handle("ada"), profile: .init(name: "Ada"), idempotencyKey: "k")
        let made = try store.write { try $0.createAccount(draft, now: noon) }
        #expect(made.isNew)
        _ = try store.write { try $0.updateAccount(made.value.id) { $0.name = "Countess" } }
        let later = noon.advanced(byMilliseconds: 99)
        let again = try store.write { try $0.createAccount(draft, now: later) }
        #expect(!again.isNew && again.value.id == made.value.id && again.value.profile.name == "Countess")
        _ = try store.write { try $0.rename(made.value.id, to: try Handle("lovelace"), operation: 1) }
        #expect(try !store.write { try $0.createAccount(draft, now: later) }.isNew)
        for other in [AccountRecord.Profile(name: "Bob"), .init(name: "Ada", fields: "{}")] {
            draft.profile = other
            #expect(refusal { _ = try store.write { try $0.createAccount(draft, now: noon) } } == "key_reused")
        }
        draft.idempotencyKey = "l"
        #expect(refusal { _ = try store.write { try $0.createAccount(draft, now: noon) } } == "handle_taken")
        try store.expectSums()
    }

    @Test("Accounts come in the order of their present handles, from both ends", arguments: StoreEngine.allCases)
    func pages(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let names = ["b", "A", "a_x", "ab", "Ab.c", "a-b", "_a", "9z", "zz"]
        var ids = try names.map { try store.account($0).id }
        for (number, name) in ["mm", "Aa", "_0"].enumerated() {
            let handle = try Handle(name)
            _ = try store.write { try $0.rename(ids[number], to: handle, operation: Int64(number)) }
        }
        ids.removeFirst()
        let keys = (["mm", "aa", "_0"] + names.dropFirst(3).map { $0.lowercased() }).sorted()
        for prefix in ["", "a", "ab", "a_", "b"] {
            let expected = keys.filter { $0.hasPrefix(prefix) }
            try store.read { (reader) throws in
                try expectPages(expected, key: { $0 }, bounds: ["", "a", "ab", "abz", "mm", "zzz"]) {
                    try reader.accounts(prefix: prefix, page: $0).map(\.handle.key)
                }
            }
        }
    }
}
