// English words and their stems, from the published vocabulary of the algorithm and its exceptions.

import SocialCore
import Testing

@Suite("The English stemmer")
struct EnglishStemmerTests {
    /// Words and stems, in pairs.
    private static let vocabulary = """
        consign consign consigned consign consigning consign consignment consign consist consist consisted consist
        consistency consist consistent consist consistently consist consisting consist consists consist consolation
        consol consolations consol consolatory consolatori console consol consoled consol consoles consol consolidate
        consolid consolidated consolid consolidating consolid consoling consol consolingly consol consols consol
        consonant conson consort consort consorted consort consorting consort conspicuous conspicu conspicuously
        conspicu conspiracy conspiraci conspirator conspir conspirators conspir conspire conspir conspired conspir
        conspiring conspir constable constabl constables constabl constance constanc constancy constanc constant
        constant knack knack knackeries knackeri knacks knack knag knag knave knave knaves knave knavish knavish
        kneaded knead kneading knead knee knee kneel kneel kneeled kneel kneeling kneel kneels kneel knees knee knell
        knell knelt knelt knew knew knick knick knif knif knife knife knight knight knightly knight knights knight
        knit knit knits knit knitted knit knitting knit knives knive knob knob knobs knob knock knock knocked knock
        knocker knocker knockers knocker knocking knock knocks knock knopp knopp knot knot knots knot skis ski skies
        sky dying die lying lie tying tie vying vie idly idl gently gentl ugly ugli early earli only onli singly singl
        sky sky news news howe howe atlas atlas cosmos cosmos bias bias andes andes inning inning innings inning
        outing outing canning canning herring herring earring earring proceed proceed proceeds proceed proceeded
        proceed exceed exceed exceeding exceed succeed succeed succeeding succeed evening evening evenings evening
        generate generat generates generat generic generic general general generally general communism communism
        communicate communic arsenal arsenal arsenic arsenic university universiti universal universal organization
        organiz organic organic emergency emergenc international internat interval interval paste paste caresses
        caress ponies poni ties tie cries cri gas gas this this gaps gap kiwis kiwi hopping hop hoping hope hoped hope
        luxuriated luxuri luxuriating luxuri falling fall bees bee agreed agre feed feed plastered plaster bled bled
        motoring motor sing sing conflated conflat troubled troubl sized size tanned tan failing fail filing file
        happy happi cry cri by by say say enjoy enjoy youth youth boy boy boyish boyish yes yes relational relat
        conditional condit rational ration valency valenc digitizer digit conformably conform radically radic
        differently differ vilely vile analogously analog vietnamization vietnam predication predic operator oper
        feudalism feudal decisiveness decis hopefulness hope callousness callous formality formal sensitivity sensit
        sensibility sensibl analogy analog geologist geolog triplicate triplic formative format formalize formal
        electricity electr electrical electr hopeful hope goodness good revival reviv allowance allow inference infer
        airliner airlin gyroscopic gyroscop adjustable adjust defensible defens irritant irrit replacement replac
        adjustment adjust dependent depend adoption adopt communion communion activate activ angularity angular
        homologous homolog effective effect bowdlerize bowdler probate probat rate rate cease ceas controlling control
        controller control roll roll add add adding add egg egg off off beautiful beauti beauty beauti flying fli
        """

    @Test("The vocabulary")
    func words() {
        let parts = Self.vocabulary.split { $0 == " " || $0 == "\n" }.map(String.init)
        #expect(parts.count > 300 && parts.count % 2 == 0)
        for place in stride(from: 0, to: parts.count - 1, by: 2) {
            #expect(EnglishStemmer.stem(parts[place]) == parts[place + 1], "\(parts[place])")
        }
    }

    @Test(
        "Short words, other scripts and apostrophes",
        arguments: [
            ("", ""), ("a", "a"), ("as", "as"), ("ana's", "ana"), ("'ana'", "ana"), ("don't", "don't"),
            ("cafés", "cafés"),
            ("привет", "привет"), ("b2b", "b2b"), ("'''", "'"), ("yyy", "yyy"), ("sss", "sss"), ("ing", "ing"),
        ])
    func edges(word: String, stem: String) { #expect(EnglishStemmer.stem(word) == stem) }

    @Test("No word is made empty, and none grows by more than a letter")
    func anyWord() {
        var generator = SplitMix(seed: 13)
        let letters = Array("aeiouylstdnringcebzpfu'".utf8)
        for _ in 0..<50_000 {
            let bytes = (0..<generator.next() % 12 + 1).map { _ in
                letters[Int(generator.next() % UInt64(letters.count))]
            }
            let word = String(decoding: bytes, as: UTF8.self)
            let stem = EnglishStemmer.stem(word)
            #expect(stem.utf8.count <= word.utf8.count + 1)
            #expect(!stem.isEmpty || word.allSatisfy { $0 == "'" } || word.hasPrefix("'"), "\(word)")
        }
    }
}
