using System.Globalization;

namespace Orchestrator.Datasets;

/// <summary>Where the columns that the options name stand in one file.</summary>
internal sealed class CsvColumns
{
    private readonly string[] names;

    private CsvColumns(string[] names, int answer, int[] inputs) => (this.names, Answer, Inputs) = (names, answer, inputs);

    /// <summary>The place of the label, or the value to predict.</summary>
    public int Answer { get; }

    /// <summary>The inputs' places, in their order.</summary>
    public int[] Inputs { get; }

    /// <summary>Fields of every record.</summary>
    public int Count => names.Length;

    /// <summary>Names of the inputs.</summary>
    public IReadOnlyList<string> InputNames => [.. Inputs.Select(place => names[place])];

    public string Name(int place) => Guard.Plain(names[place]);

    /// <param name="reader">At the first record, which names the columns or is data.</param>
    /// <param name="options">The options.</param>
    /// <param name="inputs">Names of the inputs; null takes all others.</param>
    public static CsvColumns Of(CsvReader reader, CsvOptions options, IReadOnlyList<string>? inputs)
    {
        var names = new string[reader.Count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = options.Header ? reader.Text(i).Trim() : (i + 1).ToString(CultureInfo.InvariantCulture);
        }

        var answer = Find(reader, names, options.Value ?? options.Label, options.Value is null ? "label" : "value");
        int[] places = inputs is null ? [.. Enumerable.Range(0, names.Length).Where(place => place != answer)] : [.. inputs.Select(name => Find(reader, names, name, "inputs"))];
        return places.Length > 0 ? new CsvColumns(names, answer, places) : throw reader.Wrong("there is no column of inputs beside the one that is to be predicted");
    }

    private static int Find(CsvReader reader, string[] names, string name, string option)
    {
        var place = Array.IndexOf(names, name);
        if (place < 0)
        {
            throw reader.Wrong($"there is no column '{name}' ({option}); there are {string.Join(", ", names.Take(20).Select(Guard.Plain))}{(names.Length > 20 ? ", ..." : "")}");
        }

        return Array.IndexOf(names, name, place + 1) < 0 ? place : throw reader.Wrong($"two columns are called '{name}' ({option})");
    }
}
