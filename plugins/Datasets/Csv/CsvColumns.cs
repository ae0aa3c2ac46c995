using System.Globalization;

namespace Orchestrator.Datasets;

/// <summary>Where the columns that the options name stand in one file.</summary>
internal sealed class CsvColumns
{
    private readonly string[] names;

    private CsvColumns(string[] names, int answer, int? group, int[] inputs) => (this.names, Answer, Group, Inputs) = (names, answer, group, inputs);

    /// <summary>The place of the label, or the value to predict.</summary>
    public int Answer { get; }

    /// <summary>The place of the natural group; null where none is wanted.</summary>
    public int? Group { get; }

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
    /// <param name="group">Name of the group; null where none is wanted.</param>
    public static CsvColumns Of(CsvReader reader, CsvOptions options, IReadOnlyList<string>? inputs, string? group)
    {
        var names = new string[reader.Count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = options.Header ? reader.Header(i).Trim() : (i + 1).ToString(CultureInfo.InvariantCulture);
        }

        var answer = Find(reader, names, options.Value ?? options.Label, options.Value is null ? "label" : "value");
        int? grouped = group is null ? null : Find(reader, names, group, "group");
        int[] places = inputs is null ? [.. Enumerable.Range(0, names.Length).Where(place => place != answer && place != grouped)] : [.. inputs.Select(name => Find(reader, names, name, "inputs"))];
        if (inputs is not null && places.Contains(answer))
        {
            throw reader.Wrong($"'{names[answer]}' is to be predicted ({(options.Value is null ? "label" : "value")}), so it cannot be among the inputs");
        }

        if (places.GroupBy(place => names[place]).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw reader.Wrong(inputs is null ? $"two columns are called '{twice.Key}' (inputs)" : $"'{twice.Key}' is among the inputs more than once");
        }

        return places.Length > 0 ? new CsvColumns(names, answer, grouped, places) : throw reader.Wrong("there is no column of inputs beside the one that is to be predicted");
    }

    private static int Find(CsvReader reader, string[] names, string name, string option)
    {
        var place = Array.IndexOf(names, name);
        if (place < 0)
        {
            throw reader.Wrong($"there is no column '{name}' ({option}); there are {Guard.Names(name, names)}");
        }

        return Array.IndexOf(names, name, place + 1) < 0 ? place : throw reader.Wrong($"two columns are called '{name}' ({option})");
    }
}
