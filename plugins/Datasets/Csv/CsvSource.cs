using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>The files, looked through once: their columns, rows and classes are known.</summary>
internal sealed class CsvSource
{
    private readonly CsvOptions options;
    private readonly LabelSet labels;
    private readonly LabelSet groups = LabelSet.OfGroups();
    private readonly Part train;
    private readonly Part? test;
    private readonly RowSplit? drawn;

    public CsvSource(CsvOptions options, DataFolders folders)
    {
        this.options = options;
        TestPart.Check(options.TestFile, options.TestShare);
        TestPart.CheckValue(options.Value, options.ClassNames);
        if (options.Separator.Length != 1 || options.Separator[0] is > '~' or '"' or '\n' or '\r')
        {
            throw new OptionException("separator", $"'{options.Separator}' is not one character of ASCII other than a quote or a line end");
        }

        labels = new LabelSet(options.ClassNames);
        train = LookThrough(NamedFile.Find(options.File, folders), options.Inputs, options.Group);
        test = options.TestFile is { } name ? LookThrough(NamedFile.Find(name, folders), train.Columns.InputNames, group: null) : null;
        drawn = options.TestShare is { } share ? RowSplit.Drawn(train.Path, train.Rows, share, options.SplitSeed, options.TrainLimit, options.TestLimit) : null;
        Shape = ShapeOf();
    }

    public DatasetShape Shape { get; }

    public RowTarget<float> Read()
    {
        var target = new RowTarget<float>(Shape);
        Read(train, target, drawn is null ? _ => false : drawn.IsTest);
        if (test is not null)
        {
            Read(test, target, _ => true);
        }

        return target;
    }

    private DatasetShape ShapeOf()
    {
        var (trainCount, testCount) = drawn is null
            ? (Math.Min(train.Rows, options.TrainLimit ?? train.Rows), Math.Min(test!.Rows, options.TestLimit ?? test.Rows))
            : (drawn.TrainCount, drawn.TestCount);
        var columns = train.Columns.Inputs.Length;
        var input = options.InputShape ?? [columns];
        if (input.Count is not (1 or 3) || input.Any(size => size < 1) || input.Aggregate(Int128.One, (product, size) => product * size) != columns)
        {
            throw new OptionException("inputShape", $"[{string.Join(", ", input)}] does not hold the {columns} columns of inputs; [features] or [channels, height, width] with that product is needed");
        }

        RowTarget<float>.Check(train.Path, trainCount, testCount, input);
        return new DatasetShape(input, options.Value is null ? labels.Names : [], trainCount, testCount)
        {
            Values = options.Value is null ? 0 : 1,
            GroupNames = groups.Names,
            Bytes = (((long)trainCount + testCount) * ((columns * sizeof(float)) + sizeof(int))) + (options.Group is null ? 0 : sizeof(int) * (long)trainCount),
        };
    }

    private Part LookThrough(string path, IReadOnlyList<string>? inputs, string? group)
    {
        using var reader = new CsvReader(path, options.Separator[0]);
        var columns = Begin(reader, inputs, group, out var more);
        var rows = 0;
        for (; more; more = reader.Next())
        {
            RequireWhole(reader, columns);
            if (rows == 0)
            {
                RequireNumbers(reader, columns);
            }

            if (options.Value is null && labels.Meet(reader[columns.Answer]) is { } mistake)
            {
                throw reader.Wrong($"column '{columns.Name(columns.Answer)}': {mistake}");
            }

            if (columns.Group is { } place && groups.Meet(reader[place]) is { } unnamed)
            {
                throw reader.Wrong($"column '{columns.Name(place)}': {unnamed}");
            }

            if (++rows > RowTarget<float>.MostSamples)
            {
                throw reader.Wrong($"it has more than {DataFile.Number(RowTarget<float>.MostSamples)} rows");
            }
        }

        return rows > 0 ? new Part(path, columns, rows) : throw reader.WrongFile("it has no rows; at least one is needed");
    }

    private void Read(Part part, RowTarget<float> target, Func<int, bool> isTest)
    {
        using var reader = new CsvReader(part.Path, options.Separator[0]);
        var columns = Begin(reader, part.Columns.InputNames, part.Columns.Group is null ? null : options.Group, out var more);
        var row = 0;
        for (; more && row < part.Rows; more = reader.Next(), row++)
        {
            RequireWhole(reader, columns);
            if (target.IsPartFull(isTest(row)))
            {
                continue;
            }

            var group = columns.Group is { } place ? groups.Of(reader[place]) : 0;
            var values = target.Next(
                isTest(row),
                options.Value is null ? new Answer(labels.Of(reader[columns.Answer])) { Group = group } : new Answer([Number(reader, columns, columns.Answer)]) { Group = group });
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Number(reader, columns, columns.Inputs[i]);
            }
        }

        if (row < part.Rows)
        {
            throw reader.WrongFile($"it has {DataFile.Number(row)} rows; it had {DataFile.Number(part.Rows)} when it was looked through first");
        }
    }

    private CsvColumns Begin(CsvReader reader, IReadOnlyList<string>? inputs, string? group, out bool more)
    {
        if (!reader.Next())
        {
            throw reader.WrongFile("it has no lines; at least one row is needed");
        }

        var columns = CsvColumns.Of(reader, options, inputs, group);
        more = !options.Header || reader.Next();
        return columns;
    }

    private static void RequireWhole(CsvReader reader, CsvColumns columns)
    {
        if (reader.Count != columns.Count)
        {
            throw reader.Wrong($"it has {reader.Count} fields; {columns.Count} are expected, as in the first line");
        }
    }

    // A column of words shows in its first row, which is among the samples whatever is drawn; each
    // number is read when the samples are.
    private void RequireNumbers(CsvReader reader, CsvColumns columns)
    {
        foreach (var place in options.Value is null ? columns.Inputs : [columns.Answer, .. columns.Inputs])
        {
            _ = Number(reader, columns, place);
        }
    }

    private static float Number(CsvReader reader, CsvColumns columns, int place)
    {
        if (float.TryParse(reader[place], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value))
        {
            return value;
        }

        var text = Guard.Plain(reader.Text(place).Trim());
        throw reader.Wrong($"column '{columns.Name(place)}': {(text.Length == 0 ? "the value is missing" : $"'{text}' is no finite number")}; fill it in, or leave the row out, before the run");
    }

    private sealed record Part(string Path, CsvColumns Columns, int Rows);
}
