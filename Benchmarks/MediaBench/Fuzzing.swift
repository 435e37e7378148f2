// Damaged files for every parser, by the million; it belongs under AddressSanitizer (`swift build --sanitize=address`).
// Whatever comes, there must be an answer or an error, in bounded memory.

import Formats
import Glibc

/// Damages files, and shows them to all that reads files.
enum Fuzzing {
    /// The most pixels of a damaged picture that is always decoded; larger ones are decoded once in `largeTurn`.
    private static let smallPixels = 1 << 18
    private static let largeTurn = 64

    static func run(_ words: [String]) throws {
        guard words.count > 2, let count = Int(words[0]), let seed = UInt64(words[1]) else { throw Misuse() }
        let files = try words[2...].map { Array(try MappedFile.bytes($0)) }.filter { !$0.isEmpty }
        guard !files.isEmpty else { throw Misuse() }
        var random = Random(state: seed)
        let boxes = files.map { FilmFuzzing.boxes(of: $0) }
        var (read, stripped, decoded, hashed, films, packaged) = (0, 0, 0, 0, 0, 0)
        let time = try ContinuousClock().measure {
            for turn in 0..<count {
                let file = damaged(files, boxes, &random)
                let bytes = FileBytes(file)
                let metadata = try? MediaMetadata.read(bytes)
                if metadata != nil { read += 1 }
                if let result = try? MediaMetadata.stripped(bytes), result.bytes.count == result.sizeBytes {
                    stripped += 1
                }
                if let count = try FilmFuzzing.packages(of: bytes) {
                    films += 1
                    packaged += count
                }
                let pixels = metadata.map { $0.width * $0.height } ?? smallPixels
                guard pixels <= smallPixels || turn % largeTurn == 0 else { continue }
                let frame = 1 + random.below(100)
                guard let picture = try? Picture.decode(bytes, fitting: (frame, 50)).picture else { continue }
                decoded += 1
                if turn % 8 == 0, PictureHash(of: picture) != nil { hashed += 1 }
                if turn % 8 == 1 { _ = try? picture.thumbnailFile() }
                if turn % 8 == 2 { _ = BlurPlaceholder(picture) }
            }
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        MediaBench.say(
            "fuzz",
            [
                ("inputs", Double(count)), ("read", Double(read)), ("stripped", Double(stripped)),
                ("decoded", Double(decoded)), ("hashed", Double(hashed)), ("films", Double(films)),
                ("packaged", Double(packaged)), ("seconds", Double(time.components.seconds)),
                ("largest_memory_mib", Double(usage.ru_maxrss / 1024)),
            ])
    }

    /// One of the files with a few places changed; in half of the PNG files the checksums are made right again.
    private static func damaged(_ files: [[UInt8]], _ boxes: [[Int]], _ random: inout Random) -> [UInt8] {
        let number = random.below(files.count)
        var file = files[number]
        if random.below(3) > 0, let place = boxes[number].randomElement(using: &random) {
            FilmFuzzing.change(&file, boxAt: place, &random)
            if random.below(2) == 0 { return file }
        }
        for _ in 0...random.below(4) where !file.isEmpty {
            let place = random.below(file.count)
            let end = min(file.count, place + 1 + random.below(40))
            switch random.below(9) {
            case 0: file.removeLast(file.count - place)
            case 1: file.insert(contentsOf: file[place..<end], at: random.below(file.count))
            case 2: file.removeSubrange(place..<end)
            case 3: for index in place..<min(file.count, place + 4) { file[index] = 0xFF }
            case 4: for index in place..<min(file.count, place + 4) { file[index] = 0 }
            case 5:
                let other = files[random.below(files.count)]
                let start = random.below(other.count)
                file.replaceSubrange(place..<end, with: other[start..<min(other.count, start + 40)])
            case 6: file[place] = UInt8(truncatingIfNeeded: random.next())
            default: file[place] ^= 1 << UInt8(random.below(8))
            }
        }
        if file.starts(with: [0x89, 0x50]), random.below(2) == 0 { mendChecksums(&file) }
        return file
    }

    private static func mendChecksums(_ file: inout [UInt8]) {
        var start = 8
        while file.count - start >= 12 {
            let length = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= file.count - start - 12 else { return }
            let end = start + 8 + length
            var checksum: UInt32 = 0xFFFF_FFFF
            for byte in file[start + 4..<end] {
                checksum ^= UInt32(byte)
                for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
            }
            for shift in 0..<4 {
                file[end + shift] = UInt8(truncatingIfNeeded: ~checksum >> UInt32(24 - 8 * shift))
            }
            start = end + 4
        }
    }

    /// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    }
}
