// Sentences and the languages that they are in.

import SocialCore
import Testing

@Suite("The language of a text")
struct LanguageGuessTests {
    private func language(_ text: String) -> Language? {
        var tokenizer = Tokenizer()
        var list = TermList()
        tokenizer.tokenize(text, into: &list)
        return LanguageGuess.language(of: list)
    }

    @Test(
        "Sentences of each language",
        arguments: [
            (
                .english,
                [
                    "I can't believe it's already Friday", "Had a great time with my friends last night!",
                    "SHE WAS WAITING FOR THE BUS", "Just posted a photo @ Central Park, New York", "I’m with them",
                ]
            ),
            (
                .german,
                [
                    "Ich kann nicht glauben, dass es schon wieder Montag ist", "Der Zug hat mal wieder Verspätung",
                    "Heute Abend gibt es Pizza und wir schauen einen Film", "Für dich und für mich",
                ]
            ),
            (
                .french,
                [
                    "Je ne sais pas quoi faire ce soir", "On est allés à la plage avec les enfants",
                    "C’est le plus beau jour de ma vie", "Il fait vraiment trop chaud dans le métro",
                ]
            ),
            (
                .spanish,
                [
                    "No puedo creer que ya sea lunes otra vez", "El partido de ayer fue increíble",
                    "¿Alguien sabe qué pasó con el concierto?", "Hoy fuimos a la playa con los niños",
                ]
            ),
            (
                .portuguese,
                [
                    "Não acredito que já é segunda-feira de novo", "Hoje fomos à praia com as crianças",
                    "Alguém sabe o que aconteceu com o show?", "O jogo de ontem foi incrível",
                ]
            ),
            (
                .italian,
                [
                    "Non posso credere che sia già lunedì", "Oggi siamo andati al mare con i bambini",
                    "Qualcuno sa cosa è successo al concerto?", "La partita di ieri è stata incredibile",
                ]
            ),
            (
                .dutch,
                [
                    "Ik kan niet geloven dat het alweer maandag is", "De wedstrijd van gisteren was echt geweldig",
                    "Weet iemand wat er met het concert is gebeurd?", "Vandaag zijn we naar het strand geweest",
                ]
            ),
            (.japanese, ["今日はとても暑いですね", "Swift の新しいバージョンが出ました！", "東京大学へ行く", "ｶﾀｶﾅです"]),
            (.korean, ["오늘 날씨가 정말 좋네요", "iPhone 샀어요"]),
            (.chinese, ["今天天气真好，我们去公园吧", "我の手机在桌子上，你帮我拿一下可以吗"]),
            (.russian, ["Сегодня очень хорошая погода, пойдём гулять", "Купил iPhone вчера"]),
            (.ukrainian, ["Сьогодні дуже гарна погода, ходімо гуляти", "Ґанок її хати"]),
            (.greek, ["Σήμερα ο καιρός είναι υπέροχος", "Ἐν ἀρχῇ ἦν ὁ λόγος"]),
            (.arabic, ["الطقس جميل جدا اليوم"]), (.persian, ["هوا امروز خیلی خوب است، برویم پارک"]),
            (.hebrew, ["מזג האוויר היום נהדר"]), (.thai, ["วันนี้อากาศดีมาก"]), (.hindi, ["आज मौसम बहुत अच्छा है"]),
        ] as [(Language, [String])])
    func sentences(language: Language, sentences: [String]) {
        for sentence in sentences { #expect(self.language(sentence) == language, "\(sentence)") }
    }

    @Test(
        "Nothing is said where nothing is clear",
        arguments: [
            "", "12345 !?", "OK", "the", "Los Angeles, Las Vegas", "¯\\_(ツ)_/¯ whatever", "S W O O N", "😂😂",
            "#theBest #ofUs #und #der #que", "@the @and @you https://the.and.you/of/it",
            // Languages that are not told apart.
            "Jakarta hujan lagi hari ini, jangan lupa bawa payung", "Bugün hava çok güzel, parka gidelim",
            "Dzisiaj jest bardzo ładna pogoda", "Idag är det väldigt fint väder", "Сёння надвор'е добрае, ў парк",
            "آج موسم بہت اچھا ہے", "Այսօր եղանակը լավ է",
        ])
    func unclear(text: String) { #expect(language(text) == nil) }

    @Test("What surrounds a text does not count")
    func surroundings() {
        #expect(language("今日は #photo #travel #tokyo #japan #the #and") == .japanese)
        #expect(language("the end of it 今日") == .english)
        #expect(language("@juan de la casa: this is what you have to see") == .english)
    }

    @Test("A long text has as clear a language as a short one")
    func long() {
        let german = String(repeating: "Ich weiß nicht, ob der Zug heute noch kommt. ", count: 200)
        #expect(language(german) == .german)
        #expect(language(String(repeating: "a ", count: 5_000)) == nil)
    }
}
