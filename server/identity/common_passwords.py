"""Passwords of ten characters and more that lists of leaked passwords begin with (shorter ones are refused anyway)."""

__all__ = ["COMMON_PASSWORDS"]

COMMON_PASSWORDS = frozenset(
    """
    0123456789 0987654321 01234567890 1234567890 12345678910 123456789a 123456789q 1234567890q 12345678900 1234512345
    1234554321 123123123123 123321123321 123qweasdzxc 147258369a 1111111111 1122334455 1212121212 12qwaszx12 1357924680
    1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qazxsw23edc 1qaz1qaz1qaz 1qaz@wsx3edc 2020202020 5555555555
    9876543210 987654321a a123456789 a1234567890 a1b2c3d4e5 a1s2d3f4g5 aa12345678 aa123456789 abc1234567 abc123456789
    abcd123456 abcd12345678 abcde12345 abcdef1234 abcdefghij abcdefghijk access1234 admin12345 admin123456 administrator
    adminadmin admin@1234 alexander1 asd1234567 asdasdasdasd asdf123456 asdfasdfasdf asdfgh1234 asdfghjkl1 asdfghjkl123
    babygirl123 baseball12 basketball basketball1 blink182182 butterfly1 changeme12 changeme123 changemenow charlie123
    chocolate1 christopher computer12 computer123 counterpoint counterpoint1 daniel1234 default123 dragon1234
    elizabeth1 enterprise football12 football123 google1234 greenday12 hello12345 hello123456
    helloworld hellohello iloveyou12 iloveyou123 iloveyou1234 iloveyou123456 internet12 jennifer12 jessica123
    jordan2323 justinbieber killer1234 letmein123 letmein1234 letmeinnow liverpool1 liverpool123 london1234 lovelove12
    loveyou123 manchester manchester1 maryjane123 metallica1 michael123 michelle12 minecraft1 minecraft123 monkey1234
    mustang123 mypassword mypassword1 ncc1701ncc1701 newpassword newpassword1 p@ssw0rd12 p@ssw0rd123 p@ssword123
    pa$$word123 pass123456 pass1234word passpasspass passw0rd12 passw0rd123 passw0rd1234 password00 password01
    password10 password11 password12 password123 password1234 password12345 password123456 password1! password123!
    password21 password22 password69 password77 password88 password99 password!1 passwordpassword pokemon123 princess12
    princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx1234 qazwsxedc1 qazwsxedc123 qazwsxedcrfv qazxswedc1 qq12345678
    qq123456789 qwaszx1234 qwe1234567 qweasd1234 qweasdzxc1 qweasdzxc123 qweqweqwe1 qwer123456 qwert12345 qwerty1234
    qwerty12345 qwerty123456 qwerty123456789 qwerty7890 qwertyqwerty qwertyui12 qwertyuiop qwertyuiop1 qwertyuiop123
    qwertyuiop[] qwertyuiop[]asdf rockstar12 samsung123 security123 secret1234 september1 shadow1234 slipknot666
    snowball12 spiderman1 spiderman123 starwars12 starwars123 stephanie1 strawberry sunshine12 sunshine123 superman12
    superman123 supersecret temporary1 temppassword test123456 test1234567 testing123 testing1234 testpassword
    testtest12 testtest123 trustno1234 trustno1trustno1 united1234 university victoria12 volleyball volleyball1
    welcome123 welcome1234 welcome12345 welcome2020 welcome2021 welcome2022 welcome2023 welcome2024 welcome2025
    welcome2026 whatever12 whatever123 winter2024! yourpassword zaq12wsxcde3 zaq1zaq1zaq1 zxcvbn1234 zxcvbnm123
    zxcvbnm1234 zxcvbnm,./ 1234567890- 1234567890abc !@#$%^&*()
    """.split()  # noqa: SIM905 -- three hundred quotation marks make no list easier to read
)
