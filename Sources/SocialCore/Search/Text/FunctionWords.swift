// The words with which the sentences of a language are built. Many stand in several languages, and then say little.

/// The function words of languages in Latin letters.
enum FunctionWords {
    /// Words of up to eight bytes, folded.
    private static let lists: [(language: Language, words: StaticString)] = [
        // The last line has what is English too, or stands in the names of places, or is spelled letter by letter.
        (
            .english,
            """
            the and you to of is it that in for my this with are was be have not your just so we what but at on he \
            she they from me no do as a i am an all if by or our get can will one when how who out up about there \
            here their been would i'm it's don't that's his her love day good new more \
            die per come over had has war met non son sur plus dat dem des los las im em o y e
            """
        ),
        (
            .german,
            """
            der die das und ich ist nicht ein eine zu den mit auf es sich für wir wie auch von dem sie war in so was \
            an im am noch mir mich aber nur bei du er hat wieder heute
            """
        ),
        (
            .french,
            """
            le la les de des et est un une je pas que qui pour dans ce il vous nous sur avec en mais plus du au on \
            c'est se ne son elle suis cette être tout a sont mes ma me
            """
        ),
        (
            .spanish,
            """
            el la los las de que y en un una es por con para no se lo mi como más pero me te su yo está del muy al \
            hoy esta todo a le si ya fue hay
            """
        ),
        (
            .portuguese,
            """
            o a os as de que e do da em um uma não é com para se por mais meu você eu no na mas está isso muito foi \
            minha ao me te esta todo
            """
        ),
        (
            .italian,
            """
            il la di che e un una non per è con sono mi del della lo gli ma come si questo ho le da in più anche nel \
            i al ti se no io sei me te ne siamo oggi dei alla
            """
        ),
        (
            .dutch,
            """
            de het een en van ik is niet dat op te zijn met voor je er maar die ook aan naar wat in was we of had om \
            als nog bij heb deze hij me
            """
        ),
    ]

    /// What a word counts for a language that has it alone.
    private static let own: UInt64 = 3
    /// What it counts for each of several that have it.
    private static let shared: UInt64 = 1

    /// Words that are counted of a text: as many as a byte of the sum has room for.
    private static let limit = 64

    /// A sum for each language, a byte each in the order of the lists.
    struct Count {
        private let table = FunctionWords.table
        private var sums: UInt64 = 0
        private var words = 0

        /// Counts a folded word.
        @inline(__always)
        mutating func add(_ word: Span<UInt8>) {
            guard word.count <= 8, words < limit else { return }
            words += 1
            sums &+= table[word]
        }

        /// The language with the most, when that is a word of its own and another, and twice as much as any other has.
        var language: Language? {
            var (best, first, second): (Language?, UInt64, UInt64) = (nil, 0, 0)
            var rest = sums
            for (language, _) in lists {
                let sum = rest & 0xFF
                rest >>= 8
                if sum > first {
                    (best, first, second) = (language, sum, first)
                } else {
                    second = max(second, sum)
                }
            }
            return first > own && first >= 2 * second ? best : nil
        }
    }

    private static let table = Table()

    /// The words by open addressing, made when the first text asks.
    private struct Table {
        private static let bits: UInt64 = 9
        /// Words of up to eight bytes, and what each adds to the sums; 0 where there is none.
        private var entries = [(word: UInt64, sums: UInt64)](repeating: (0, 0), count: 1 << bits)

        init() {
            for (number, list) in lists.enumerated() {
                list.words.withUTF8Buffer { text in
                    for letters in text.split(separator: UInt8(ascii: " ")) {
                        let word = Table.packed(UnsafeBufferPointer(rebasing: letters).span)
                        let place = place(of: word)
                        entries[place] = (word, entries[place].sums | 1 << UInt64(8 * number))
                    }
                }
            }
            for place in entries.indices {
                entries[place].sums *= entries[place].sums.nonzeroBitCount > 1 ? shared : own
            }
        }

        /// What a word of up to eight bytes adds to the sums.
        @inline(__always)
        subscript(word: Span<UInt8>) -> UInt64 { entries[place(of: Table.packed(word))].sums }

        @inline(__always)
        private func place(of word: UInt64) -> Int {
            var place = Int((word &* 0x9E37_79B9_7F4A_7C15) >> (64 - Table.bits))
            while entries[place].word != word, entries[place].word != 0 { place = (place + 1) & (entries.count - 1) }
            return place
        }

        @inline(__always)
        private static func packed(_ word: Span<UInt8>) -> UInt64 {
            var packed: UInt64 = 0
            for place in word.indices { packed = packed << 8 | UInt64(word[place]) }
            return packed
        }
    }
}
