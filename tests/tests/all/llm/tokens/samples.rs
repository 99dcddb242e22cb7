//! Texts in many languages and forms, written for these tests. Knows no tokenizer.

/// As (what it is, the text).
pub(super) const SAMPLES: &[(&str, &str)] = &[
    (
        "english",
        "Emperor penguins walk for weeks across the ice to reach the place where they breed. The males keep the eggs warm on their feet, while the females go back to the sea and return when the chicks are about to hatch.",
    ),
    (
        "english, technical",
        "The scheduler amortizes synchronization overhead by batching acknowledgements; consequently, tail latency deteriorates whenever backpressure propagates through asynchronous intermediaries.",
    ),
    (
        "german",
        "Kaiserpinguine brüten im Winter, wenn die Temperaturen auf unter minus fünfzig Grad fallen. Die Männchen stehen wochenlang dicht gedrängt beieinander und wechseln sich am Rand der Gruppe ab, damit keines von ihnen erfriert.",
    ),
    (
        "french",
        "Les manchots empereurs marchent pendant des semaines sur la glace pour rejoindre l'endroit où ils se reproduisent. Le mâle garde l'œuf au chaud sur ses pattes, tandis que la femelle retourne à la mer pour se nourrir.",
    ),
    (
        "spanish",
        "Los pingüinos emperador caminan durante semanas sobre el hielo para llegar al lugar donde crían. El macho mantiene el huevo caliente sobre sus patas mientras la hembra vuelve al mar a buscar comida.",
    ),
    (
        "portuguese",
        "Os pinguins-imperadores caminham durante semanas sobre o gelo até chegarem ao lugar onde se reproduzem. O macho mantém o ovo quente sobre as patas, enquanto a fêmea volta ao mar para se alimentar.",
    ),
    (
        "polish",
        "Pingwiny cesarskie przez wiele tygodni wędrują po lodzie, żeby dotrzeć do miejsca, w którym się rozmnażają. Samiec ogrzewa jajo na stopach, a samica wraca do morza, żeby się najeść.",
    ),
    (
        "turkish",
        "İmparator penguenleri üreyecekleri yere ulaşmak için haftalarca buzun üzerinde yürür. Erkek yumurtayı ayaklarının üzerinde sıcak tutarken dişi beslenmek için denize geri döner.",
    ),
    (
        "finnish",
        "Keisaripingviinit vaeltavat viikkojen ajan jään yli päästäkseen pesimäpaikalleen. Koiras pitää munaa lämpimänä jalkojensa päällä, kun naaras palaa merelle ruokailemaan.",
    ),
    (
        "vietnamese",
        "Chim cánh cụt hoàng đế đi bộ nhiều tuần liền trên băng để đến nơi sinh sản. Con đực giữ ấm quả trứng trên bàn chân trong khi con cái quay trở lại biển để kiếm ăn.",
    ),
    (
        "russian",
        "Императорские пингвины неделями идут по льду, чтобы добраться до места, где они выводят птенцов. Самец согревает яйцо на лапах, а самка возвращается в море, чтобы набраться сил.",
    ),
    (
        "ukrainian",
        "Імператорські пінгвіни тижнями йдуть по кризі, щоб дістатися місця, де вони виводять пташенят. Самець зігріває яйце на лапах, а самка повертається до моря, щоб набратися сил.",
    ),
    (
        "greek",
        "Οι αυτοκρατορικοί πιγκουίνοι περπατούν για εβδομάδες πάνω στον πάγο για να φτάσουν στον τόπο όπου αναπαράγονται. Το αρσενικό κρατά το αυγό ζεστό πάνω στα πόδια του.",
    ),
    (
        "arabic",
        "تمشي طيور البطريق الإمبراطور أسابيع طويلة فوق الجليد حتى تصل إلى المكان الذي تتكاثر فيه. يحافظ الذكر على دفء البيضة فوق قدميه بينما تعود الأنثى إلى البحر بحثا عن الطعام.",
    ),
    (
        "hebrew",
        "פינגוויני הקיסר הולכים שבועות על הקרח כדי להגיע למקום שבו הם מתרבים. הזכר שומר על הביצה חמה על רגליו, והנקבה חוזרת לים כדי לאכול.",
    ),
    (
        "hindi",
        "सम्राट पेंगुइन प्रजनन की जगह तक पहुँचने के लिए हफ़्तों तक बर्फ़ पर चलते हैं। नर अपने पैरों पर अंडे को गर्म रखता है और मादा भोजन के लिए समुद्र लौट जाती है।",
    ),
    (
        "bengali",
        "সম্রাট পেঙ্গুইনরা প্রজননের জায়গায় পৌঁছাতে কয়েক সপ্তাহ ধরে বরফের উপর দিয়ে হাঁটে। পুরুষটি পায়ের উপর ডিম গরম রাখে আর স্ত্রীটি খাবারের জন্য সমুদ্রে ফিরে যায়।",
    ),
    (
        "thai",
        "เพนกวินจักรพรรดิเดินเท้าข้ามน้ำแข็งเป็นเวลาหลายสัปดาห์เพื่อไปยังที่ที่มันผสมพันธุ์ ตัวผู้จะกกไข่ไว้บนเท้าของมัน ส่วนตัวเมียจะกลับไปหาอาหารในทะเล",
    ),
    (
        "chinese",
        "帝企鹅要在冰上走好几个星期,才能到达繁殖的地方。雄企鹅把蛋放在脚上保温,雌企鹅则回到海里觅食,等小企鹅快要孵出来的时候再回来。",
    ),
    (
        "japanese",
        "皇帝ペンギンは繁殖地にたどり着くために、何週間も氷の上を歩きます。オスは足の上で卵を温め、メスは食べ物を探しに海へ戻り、ヒナがかえるころに帰ってきます。",
    ),
    (
        "korean",
        "황제펭귄은 번식지에 도착하기 위해 몇 주 동안 얼음 위를 걷습니다. 수컷은 발 위에서 알을 따뜻하게 품고, 암컷은 먹이를 찾아 바다로 돌아갔다가 새끼가 부화할 무렵에 돌아옵니다.",
    ),
    ("emoji", "🐧🐧 look at them go!! 🧊❄️ 10/10 would waddle again 😂👍🏽 👨‍👩‍👧‍👦 🇦🇶 ✨"),
    (
        "rust",
        "impl Colony {\n    /// Moves everybody one place towards the middle.\n    pub fn huddle(&mut self, wind: Wind) -> Result<usize, HuddleError> {\n        let outside: Vec<PenguinId> = self.ring.iter().filter(|p| p.exposed(wind)).map(|p| p.id()).collect();\n        for id in &outside {\n            self.swap(*id, self.warmest().ok_or(HuddleError::Empty)?);\n        }\n        Ok(outside.len())\n    }\n}\n",
    ),
    (
        "python",
        "def huddle(colony, wind=None):\n    \"\"\"Moves everybody one place towards the middle.\"\"\"\n    outside = [p for p in colony.ring if p.is_exposed(wind)]\n    for penguin in sorted(outside, key=lambda p: p.temperature_celsius):\n        colony.swap(penguin, colony.warmest())\n    return len(outside)\n",
    ),
    (
        "json",
        "{\"colony\":{\"id\":\"c-4711\",\"name\":\"Atka Bay\",\"position\":{\"latitude\":-70.61,\"longitude\":-8.27},\"penguins\":[{\"id\":1,\"weight_kg\":31.5,\"tagged\":true},{\"id\":2,\"weight_kg\":29.25,\"tagged\":false}],\"counted_at\":\"2026-07-14T09:30:00Z\"}}",
    ),
    (
        "json, indented",
        "{\n  \"type\": \"object\",\n  \"properties\": {\n    \"city\": {\n      \"type\": \"string\",\n      \"description\": \"Where to look.\"\n    },\n    \"days\": {\n      \"type\": \"integer\",\n      \"minimum\": 1\n    }\n  },\n  \"required\": [\"city\"]\n}",
    ),
    (
        "markdown",
        "# Colonies\n\n| colony | pairs | since |\n|---|---:|---|\n| Atka Bay | 9,700 | 1998 |\n| Coulman Island | 25,298 | 1958 |\n\n- counted from **satellite pictures**\n- see [the survey](https://example.org/survey/2026?page=2)\n",
    ),
    (
        "log",
        "2026-07-14T09:30:00.123Z WARN colony::huddle{id=4711}: wind=28.4m/s exposed=312 retry=2/5 error=\"timed out after 30s\" peer=10.0.12.7:8443\n2026-07-14T09:30:01.004Z INFO colony::huddle{id=4711}: moved=312 elapsed_ms=881\n",
    ),
    (
        "sql",
        "SELECT c.name, COUNT(*) AS pairs FROM colonies c LEFT JOIN nests n ON n.colony_id = c.id WHERE n.occupied AND c.latitude < -66.5 GROUP BY c.name HAVING COUNT(*) > 100 ORDER BY pairs DESC LIMIT 20;",
    ),
];

/// As [`SAMPLES`], but the weights of the estimate were not chosen by these.
pub(super) const OTHERS: &[(&str, &str)] = &[
    (
        "italian",
        "I pinguini imperatore camminano per settimane sul ghiaccio per raggiungere il luogo in cui si riproducono. Il maschio tiene l'uovo al caldo sulle zampe, mentre la femmina torna in mare a nutrirsi.",
    ),
    (
        "dutch",
        "Keizerspinguïns lopen wekenlang over het ijs naar de plek waar ze broeden. Het mannetje houdt het ei warm op zijn poten, terwijl het vrouwtje naar zee teruggaat om te eten.",
    ),
    (
        "indonesian",
        "Penguin kaisar berjalan berminggu-minggu di atas es untuk mencapai tempat mereka berkembang biak. Sang jantan menjaga telur tetap hangat di atas kakinya, sementara sang betina kembali ke laut untuk mencari makan.",
    ),
    (
        "bulgarian",
        "Императорските пингвини вървят седмици наред по леда, за да стигнат до мястото, където се размножават. Мъжкият топли яйцето върху краката си, а женската се връща в морето.",
    ),
    (
        "chinese, traditional",
        "皇帝企鵝要在冰上走好幾個星期,才能抵達繁殖的地方。雄企鵝把蛋放在腳上保溫,雌企鵝則回到海裡覓食。",
    ),
    (
        "go",
        "func (c *Colony) Huddle(ctx context.Context, wind Wind) (int, error) {\n\tmoved := 0\n\tfor _, p := range c.ring {\n\t\tif !p.Exposed(wind) {\n\t\t\tcontinue\n\t\t}\n\t\tif err := c.swap(ctx, p.ID, c.warmest()); err != nil {\n\t\t\treturn moved, fmt.Errorf(\"swap %d: %w\", p.ID, err)\n\t\t}\n\t\tmoved++\n\t}\n\treturn moved, nil\n}\n",
    ),
    (
        "csv",
        "colony,latitude,longitude,pairs,year\nAtka Bay,-70.61,-8.27,9700,1998\nCoulman Island,-73.35,169.63,25298,1958\nSnow Hill,-64.52,-57.45,4000,1997\n",
    ),
    (
        "chat",
        "hey, can u check if the flight to oslo on fri is still on?? i think they changed it again lol... thx!! :)",
    ),
];
