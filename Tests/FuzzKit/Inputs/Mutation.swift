// How an input is damaged: a few changes to one that is right, each of a kind that has broken parsers before.

/// Damages inputs.
struct Mutation {
    /// The inputs that are right.
    let seeds: [[UInt8]]
    /// Bytes that mean something to the parser.
    let words: [[UInt8]]
    /// For each of the seeds: where numbers stand that say how much follows.
    let places: [[Int]]
    /// For each of the seeds: the boxes in which its bytes lie, with their sizes in 32 bits at their beginning.
    let boxes: [[Range<Int>]]
    /// The size that no input exceeds.
    private let limitBytes: Int

    init(seeds: [[UInt8]], words: [[UInt8]], places: ([UInt8]) -> [Int], boxes: ([UInt8]) -> [Range<Int>]) {
        self.seeds = seeds
        self.words = words
        self.places = seeds.map(places)
        self.boxes = seeds.map(boxes)
        limitBytes = 4_096 + 4 * (seeds.map(\.count).max() ?? 0)
    }

    /// One of the seeds, damaged.
    func input(_ random: inout FuzzRandom) -> [UInt8] {
        let number = random.below(seeds.count)
        var bytes = seeds[number]
        if !random.isOne(in: 3), let place = random.one(of: places[number]) {
            setNumber(&bytes, at: place, width: 4, isBig: true, &random)
            if random.isOne(in: 2) { return exact(bytes) }
        }
        if !boxes[number].isEmpty, random.isOne(in: 2) {
            resize(&bytes, boxes[number], &random)
        }
        // Mostly one change: each further one makes it likelier that the input is refused at once.
        repeat { change(&bytes, &random) } while !random.isOne(in: 2)
        if bytes.count > limitBytes { bytes.removeLast(bytes.count - limitBytes) }
        return exact(bytes)
    }

    /// The bytes in memory of their own size, so that a look behind their end is noticed.
    private func exact(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { room, count in
            // Safety: the room has as many bytes as were asked for.
            count = room.initialize(fromContentsOf: bytes)
        }
    }

    private func change(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + 1 + random.below(random.isOne(in: 4) ? 200 : 16))
        switch random.below(16) {
        case 0, 1: if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
        case 2: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
        case 3: bytes.insert(contentsOf: (0...random.below(8)).map { _ in UInt8(random.below(256)) }, at: place)
        case 4: bytes.removeSubrange(place..<end)
        case 5: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
        case 6: splice(&bytes, place..<end, &random)
        case 7:
            // The beginning of this one, and the end of another.
            let other = seeds[random.below(seeds.count)]
            bytes.replaceSubrange(place..., with: other[random.below(other.count + 1)...])
        case 8: bytes.removeLast(bytes.count - place)
        case 9, 10:
            setNumber(&bytes, at: place, width: 1 << random.below(4), isBig: random.isOne(in: 2), &random)
        case 11, 12:
            guard let word = random.one(of: words) else { return }
            let isOver = random.isOne(in: 2)
            bytes.replaceSubrange(place..<(isOver ? min(bytes.count, place + word.count) : place), with: word)
        case 13:
            let block = Array(bytes[place..<end])
            for _ in 0..<random.below(64) { bytes.insert(contentsOf: block, at: place) }
        case 14:
            let filling: UInt8 = random.isOne(in: 2) ? 0 : 0xFF
            for index in place..<end { bytes[index] = filling }
        default: setDecimal(&bytes, from: place, &random)
        }
    }

    private func splice(_ bytes: inout [UInt8], _ range: Range<Int>, _ random: inout FuzzRandom) {
        let other = seeds[random.below(seeds.count)]
        let start = random.below(other.count + 1)
        bytes.replaceSubrange(range, with: other[start..<min(other.count, start + random.below(60))])
    }

    /// Changes a binary number to one near a limit, or near what it was.
    private func setNumber(
        _ bytes: inout [UInt8], at place: Int, width: Int, isBig: Bool, _ random: inout FuzzRandom
    ) {
        guard place >= 0, place + width <= bytes.count else { return }
        let indices = (0..<width).map { isBig ? place + $0 : place + width - 1 - $0 }
        let old = indices.reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
        let top = UInt64.max >> UInt64(64 - 8 * width)
        let new: UInt64 =
            switch random.below(13) {
            case 0: 0
            case 1: 1
            case 2: top
            case 3: top >> 1
            case 4: top >> 1 &+ 1
            case 5: old &+ 1
            case 6: old &- 1
            case 7: old << 1
            case 8: old ^ 1 << UInt64(random.below(8 * width))
            case 9: UInt64(random.below(1 << 10))
            case 10: 0 &- UInt64(random.below(1 << 10))
            case 11: UInt64(bytes.count) &- UInt64(random.below(16))
            default: random.next()
            }
        for (index, shift) in zip(indices, (0..<width).reversed()) {
            bytes[index] = UInt8(truncatingIfNeeded: new >> UInt64(8 * shift))
        }
    }

    private static let decimals = [
        "0", "-1", "1", "127", "128", "255", "256", "32767", "32768", "65535", "65536", "2147483647", "2147483648",
        "4294967295", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999", "1e308",
        "1e309", "-0", "00", "0.1", "1e-400", "0x10",
    ].map { Array($0.utf8) }

    /// Changes the next number that is written in digits.
    private func setDecimal(_ bytes: inout [UInt8], from place: Int, _ random: inout FuzzRandom) {
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: random.one(of: Self.decimals) ?? [])
    }

    /// Adds bytes somewhere or takes some away, and makes the sizes of the boxes around them right.
    private func resize(_ bytes: inout [UInt8], _ boxes: [Range<Int>], _ random: inout FuzzRandom) {
        guard let box = random.one(of: boxes), box.count > 8 else { return }
        let place = box.lowerBound + 8 + random.below(box.count - 8)
        let end = min(box.upperBound, place + 1 + random.below(40))
        var growth = 0
        if random.isOne(in: 2) {
            bytes.removeSubrange(place..<end)
            growth -= end - place
        } else {
            // Often a whole box once more.
            let range = random.isOne(in: 2) ? place..<end : boxes[random.below(boxes.count)]
            let added = bytes[range].prefix(10_000)
            bytes.insert(contentsOf: added, at: place)
            growth += added.count
        }
        for outer in boxes where outer.lowerBound + 8 <= place && place < outer.upperBound {
            let size = outer.count + growth
            for index in 0..<4 where outer.lowerBound + index < bytes.count {
                bytes[outer.lowerBound + index] = UInt8(truncatingIfNeeded: size >> (24 - 8 * index))
            }
        }
    }
}
