using System.Globalization;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>What somebody published, by the values on a sweep's axes.</summary>
internal sealed class PublishedFile
{
    private const string ValueColumn = "value";
    private const string CountColumn = "n";
    private const string SpreadColumn = "sd";
    private const string Section = "sweep.published";
    private const int LargestBytes = 16 << 20;

    private readonly Dictionary<string, PublishedRow[]> byCell = [];

    /// <summary>The file's text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Whether something is published of a combination of values.</summary>
    public bool Has(IReadOnlyList<AxisValue> combination) => byCell.ContainsKey(Key(combination));

    /// <summary>
    /// Of a combination of values; null where nothing is published. Rows with equal settings are
    /// several published runs: their mean, their spread, their number.
    /// </summary>
    /// <param name="combination">The values.</param>
    /// <param name="chance">A value up to this is of a run that did not converge, as it would be
    /// here; null where that cannot be said.</param>
    public PublishedValue? Of(IReadOnlyList<AxisValue> combination, double? chance)
    {
        if (!byCell.TryGetValue(Key(combination), out var rows))
        {
            return null;
        }

        PublishedValue[] converged = [.. rows.Select(row => row.Value).Where(value => value.Value is { } number && !(number <= chance))];
        var moments = Moments.Of([.. converged.Select(value => value.Value!.Value)]);
        return converged.Length switch
        {
            0 => new(null, rows.Sum(row => row.Value.N)),
            1 => converged[0] with { WithoutConvergence = rows.Length - 1 },
            _ => new(moments.Mean, converged.Length, moments.StandardDeviation, rows.Length - converged.Length),
        };
    }

    /// <summary>Reads and checks the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="averages">The sweep's axes.</param>
    /// <param name="origin">Where the pipeline says it.</param>
    /// <param name="mistakes">Takes every mistake of the file, with its line.</param>
    public static PublishedFile Read(string file, Averages averages, Origin origin, SweepMistakes mistakes)
    {
        var published = new PublishedFile();
        List<(int Line, List<string> Fields)> rows;
        try
        {
            published.Text = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file, LargestBytes));
            rows = [.. CsvRows.Read(published.Text)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or DataException)
        {
            mistakes.Add(origin, $"{Section}.file", $"'{file}' cannot be read: {failure.Message}");
            return published;
        }

        if (rows.Count == 0 || Columns(rows[0].Fields, averages, file, mistakes) is not { } columns)
        {
            if (rows.Count == 0)
            {
                mistakes.Add(new Origin(file), Section, "is empty; a line of column names is expected");
            }

            return published;
        }

        var reader = new PublishedRows(file, columns, averages.Shown, mistakes);
        foreach (var cell in rows.Skip(1).Select(row => reader.Row(row.Line, row.Fields)).OfType<PublishedRow>().GroupBy(row => Key(row.Combination)))
        {
            published.byCell[cell.Key] = [.. cell];
            if (cell.Count() > 1 && cell.FirstOrDefault(row => row.Value.N > 1 || row.Value.StandardDeviation is not null) is { } summary)
            {
                mistakes.Add(
                    new Origin(file, summary.Line, 1), Section, "gives n or sd for settings that stand in several rows; such rows are one published run each");
            }
        }

        return published;
    }

    private static string Key(IReadOnlyList<AxisValue> combination) => string.Join('\n', combination.Select(value => value.Json));

    private static PublishedColumns? Columns(List<string> names, Averages averages, string file, SweepMistakes mistakes)
    {
        var origin = new Origin(file, 1, 1);
        var (axes, isRight) = (averages.Shown, true);
        foreach (var refusal in names.Select(averages.Refusal).OfType<string>())
        {
            isRight = false;
            mistakes.Add(origin, Section, $"has a column of an averaged axis: {refusal}; one row per setting is expected, without that column");
        }

        foreach (var axis in axes.Where(axis => !names.Contains(axis.Name)))
        {
            isRight = false;
            mistakes.Add(origin, Section, $"has no column '{axis.Name}', and the sweep has that axis{NearestMatch.Suffix(axis.Name, names)}");
        }

        if (!names.Contains(ValueColumn))
        {
            isRight = false;
            mistakes.Add(origin, Section, $"has no column '{ValueColumn}'{NearestMatch.Suffix(ValueColumn, names)}");
        }

        return isRight ? new([.. axes.Select(axis => names.IndexOf(axis.Name))], names.IndexOf(ValueColumn), names.IndexOf(CountColumn), names.IndexOf(SpreadColumn)) : null;
    }
}

/// <summary>Where the columns stand; -1 for one that is not there.</summary>
internal sealed record PublishedColumns(IReadOnlyList<int> Axes, int Value, int Count, int Spread);

/// <summary>One row that stands for one of the sweep's combinations.</summary>
internal sealed record PublishedRow(int Line, AxisValue[] Combination, PublishedValue Value);

/// <summary>Reads the rows; one whose settings are none of the sweep's is left aside.</summary>
internal sealed class PublishedRows(string file, PublishedColumns columns, IReadOnlyList<Axis> axes, SweepMistakes mistakes)
{
    private const string NoConvergence = "NC";

    public PublishedRow? Row(int line, List<string> fields)
    {
        string Field(int column) => column >= 0 && column < fields.Count ? fields[column] : "";

        var combination = axes.Select((axis, i) => axis.Values.FirstOrDefault(value => value.IsMeantBy(Field(columns.Axes[i])))).ToArray();
        if (combination.Any(value => value is null))
        {
            return null;
        }

        var text = Field(columns.Value);
        var value = AxisValue.Number(text);
        if (value is null && text != NoConvergence)
        {
            mistakes.Add(new Origin(file, line, 1), "sweep.published", $"the value '{text}' is no number; a number with a decimal point, or {NoConvergence}, is expected");
            return null;
        }

        var (count, spread) = (Field(columns.Count), Field(columns.Spread));
        var isWhole = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1_000_000;
        if ((count.Length > 0 && !isWhole) || (spread.Length > 0 && AxisValue.Number(spread) is not >= 0))
        {
            mistakes.Add(new Origin(file, line, 1), "sweep.published", $"n '{count}' and sd '{spread}': a whole number from 1, and a number from 0, are expected, or nothing");
            return null;
        }

        return new(line, combination!, new(value, isWhole ? n : 1, AxisValue.Number(spread)));
    }
}
