// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TextIntentsExample;

/// <summary>Makes up phrases: a few ways to say each thing, with words that are drawn by a seed.</summary>
internal static class MadeUpIntents
{
    private const int MemoryCount = 40;
    private const int QueryCount = 20;

    private static readonly Dictionary<string, string[]> _words = new()
    {
        ["city"] = ["paris", "boston", "tokyo", "nairobi", "lima", "oslo", "delhi", "cairo"],
        ["day"] = ["today", "tomorrow", "on monday", "on friday", "next week", "at noon", "tonight"],
        ["money"] = ["ten dollars", "fifty euros", "two hundred dollars", "a thousand euros"],
        ["food"] = ["lasagna", "pancakes", "curry", "tomato soup", "apple pie", "sushi", "tacos"],
        ["song"] = ["some jazz", "my workout list", "a slow song", "the beatles", "something new", "piano music"],
        ["opening"] = ["", "", "hello", "so", "i was wondering", "okay listen", "one question", "quick", "sorry but"],
        ["closing"] = ["", "", "thanks", "right now", "if you can", "for my sister", "for me", "as soon as possible"],
        ["please"] = ["please", "can you", "i want you to", "would you", "hey", "could you please", "i need you to"],
        ["airline"] = ["delta", "lufthansa", "united", "the airline", "my airline", "air france"],
        ["thing"] = ["a spider", "the moon", "a volcano", "my printer", "a bicycle", "the ocean", "a glacier"],
    };

    private static readonly Dictionary<string, string[]> _intents = new()
    {
        ["weather"] = ["what is the weather in {city} {day}", "will it rain {day} in {city}",
            "how warm is {city} {day}", "{please} give me the forecast for {city}"],
        ["alarm"] = ["{please} wake me {day}", "{please} set an alarm {day}", "alarm {day}", "ring the alarm {day}"],
        ["transfer"] = ["{please} send {money} to my savings", "transfer {money} from checking",
            "{please} move {money} to my other account", "wire {money} {day}"],
        ["book_flight"] = ["{please} book a flight to {city} {day}", "i have to fly to {city} {day}",
            "find me a plane ticket to {city}", "flights from {city} to {city} {day}"],
        ["play_music"] = ["{please} play {song}", "put on {song}", "i would like to hear {song}", "start {song}"],
        ["recipe"] = ["how do i cook {food}", "{please} find a recipe for {food}", "what goes into {food}",
            "teach me to make {food}"],
        ["restaurant"] = ["{please} reserve a table in {city} {day}", "where can i eat {food} in {city}",
            "book us a place for dinner {day}", "a good restaurant for {food} in {city}"],
        ["balance"] = ["how much money do i have", "{please} show the balance of my account",
            "is {money} left in checking", "do i have {money} to spend {day}"],
        ["traffic"] = ["how is the traffic in {city} {day}", "are the roads to {city} busy {day}",
            "is there a jam on the way to {city}", "{please} check the traffic {day}"],
        ["reminder"] = ["{please} remind me to call mom {day}", "do not let me forget to buy {food} {day}",
            "reminder to pay {money} {day}", "{please} remind me of {city} {day}"],
        [Intents.Added] = ["{airline} lost my luggage", "my luggage is lost in {city}", "where is my lost luggage",
            "{please} find my lost luggage"],
    };

    private static readonly string[] _unknown =
    [
        "why does {thing} exist", "who invented {thing}", "how heavy is {thing}", "draw {thing} in blue",
        "is {thing} older than {thing}", "write a poem about {thing}", "how do people repair {thing}",
    ];

    public static Intents Make(string reason)
    {
        var random = new Random(1);
        return new Intents(
            Rows(MemoryCount), Rows(QueryCount), Rows(QueryCount), [.. Phrases("oos", _unknown, 5 * QueryCount)],
            $"phrases made up by this program, {reason}");

        IntentRow[] Rows(int count)
            => [.. _intents.SelectMany(intent => Phrases(intent.Key, intent.Value, count))
                .Select((row, index) => Numbered(row, index))];

        IEnumerable<IntentRow> Phrases(string intent, string[] ways, int count)
            => Enumerable.Range(0, count).Select(
                _ => new IntentRow { Intent = intent, Text = Fill(ways[random.Next(ways.Length)], random) });
    }

    private static IntentRow Numbered(IntentRow row, int id)
    {
        row.Id = id;
        return row;
    }

    private static string Fill(string way, Random random)
        => string.Concat($"{{opening}} {way} {{closing}}".Split('{', '}').Select(
            (part, index) => index % 2 == 0 ? part : _words[part][random.Next(_words[part].Length)])).Trim();
}
