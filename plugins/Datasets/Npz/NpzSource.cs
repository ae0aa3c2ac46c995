using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// The arrays that the options name, found to fit together; their labels are read, their inputs are
/// not.
/// </summary>
internal sealed class NpzSource : IDisposable
{
    private readonly NpzFile file;
    private readonly NpzFile? testFile;
    private readonly Part train;
    private readonly Part? test;
    private readonly RowSplit? drawn;
    private readonly SampleGroups? groups;

    public NpzSource(NpzOptions options, DataFolders folders)
    {
        CheckOptions(options);
        file = NpzFile.Open(NamedFile.Find(options.File, folders));
        try
        {
            testFile = options.TestFile is { } name ? NpzFile.Open(NamedFile.Find(name, folders)) : null;
            var areValues = options.Values is not null;
            train = new Part(file.Array(options.Inputs, "inputs"), file.Array(options.Values ?? options.Labels, areValues ? "values" : "labels"), areValues, options.Channels);
            groups = options.Groups is { } grouped ? SampleGroups.Of(file.Array(grouped, "groups"), train.Inputs) : null;
            if (options.TestShare is { } share)
            {
                drawn = RowSplit.Drawn(train.Inputs.Where, train.Count, share, options.SplitSeed, options.TrainLimit, options.TestLimit);
            }
            else
            {
                test = new Part(
                    (testFile ?? file).Array(options.TestInputs ?? (testFile is null ? "x_test" : options.Inputs), "testInputs"),
                    areValues
                        ? (testFile ?? file).Array(options.TestValues ?? (testFile is null ? "y_test" : options.Values!), "testValues")
                        : (testFile ?? file).Array(options.TestLabels ?? (testFile is null ? "y_test" : options.Labels), "testLabels"),
                    areValues,
                    options.Channels);
                RequireSame(train, test);
            }

            Shape = ShapeOf(options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DatasetShape Shape { get; }

    /// <summary>Whether inputs stay bytes in memory.</summary>
    public bool IsByte => train.Inputs.Header.Type.IsByte;

    public delegate void Reading<T>(NpyArray array, SampleAxes axes, RowPlace<T> place);

    /// <summary>Reads the inputs.</summary>
    public RowTarget<T> Read<T>(Reading<T> read)
    {
        var target = new RowTarget<T>(Shape);
        train.ReadValues();
        test?.ReadValues();
        Fill(train, row => drawn?.IsTest(row) ?? false, row => groups?[row] ?? 0);
        if (test is not null)
        {
            Fill(test, _ => true, _ => 0);
        }

        return target;

        void Fill(Part part, Func<int, bool> isTest, Func<int, int> groupOf) =>
            read(part.Inputs, part.Axes, row => target.IsPartFull(isTest(row)) ? default : target.Next(isTest(row), part.Of(row, groupOf(row))));
    }

    public void Dispose()
    {
        file.Dispose();
        testFile?.Dispose();
    }

    private static void CheckOptions(NpzOptions options)
    {
        LabelNames.Check(options.ClassNames);
        if (options.Values is not null && (options.TestLabels is not null || options.ClassNames is not null))
        {
            throw new OptionException("values", "are predicted in the place of classes, and testLabels or classNames are given; leave out one of the two");
        }

        if (options.Values is null && options.TestValues is not null)
        {
            throw new OptionException("testValues", "is given, and values is not; a sample has labels or values, not both");
        }

        if (options.TestShare is not null && (options.TestFile ?? options.TestInputs ?? options.TestLabels ?? options.TestValues) is not null)
        {
            throw new OptionException("testShare", "draws the test part from the training arrays, and testFile, testInputs, testLabels or testValues name another; give one of the two");
        }
    }

    private static void RequireSame(Part train, Part test)
    {
        if (!train.Axes.Input.SequenceEqual(test.Axes.Input) || train.Inputs.Header.Type.IsByte != test.Inputs.Header.Type.IsByte)
        {
            throw test.Inputs.Wrong($"it is {test.Inputs.Header.Words}; the training inputs are {train.Inputs.Header.Words}");
        }

        if (train.Values != test.Values)
        {
            throw test.Wrong(train);
        }
    }

    private DatasetShape ShapeOf(NpzOptions options)
    {
        var classes = LabelNames.Count(options.ClassNames, Math.Max(train.LargestLabel, test?.LargestLabel ?? 0));
        train.RequireBelow(classes);
        test?.RequireBelow(classes);
        var (trainCount, testCount) = drawn is null
            ? (Math.Min(train.Count, options.TrainLimit ?? train.Count), Math.Min(test!.Count, options.TestLimit ?? test.Count))
            : (drawn.TrainCount, drawn.TestCount);
        RowTarget<byte>.Check(train.Inputs.Where, trainCount, testCount, train.Axes.Input);
        return new DatasetShape(train.Axes.Input, train.Values > 0 ? [] : LabelNames.Of(options.ClassNames, classes), trainCount, testCount)
        {
            Values = train.Values,
            GroupNames = groups?.Names ?? [],
            Bytes = (groups is null ? 0 : sizeof(int) * (long)trainCount) + (((long)trainCount + testCount) * ((train.Axes.Length * (IsByte ? sizeof(byte) : sizeof(float))) + (Math.Max(1, train.Values) * sizeof(int)))),
        };
    }

    private sealed class Part
    {
        private readonly NpyArray answers;
        private readonly long[] labels = [];
        private float[] values = [];

        public Part(NpyArray inputs, NpyArray answers, bool areValues, ChannelAxis channels)
        {
            (Inputs, this.answers, Axes) = (inputs, answers, SampleAxes.Of(inputs, channels));
            if (areValues)
            {
                Values = answers.Header.Shape.Count is 1 or 2 && answers.Rows == inputs.Rows
                    ? (int)(answers.Header.Count / answers.Rows)
                    : throw answers.Wrong($"it is {answers.Header.Words}; values are [{inputs.Rows}] or [{inputs.Rows}, values], for each of the inputs {inputs.Header.Words}");
                return;
            }

            if (!answers.Header.Type.IsWhole || answers.Header.Count != answers.Rows || answers.Rows != inputs.Rows)
            {
                throw answers.Wrong($"it is {answers.Header.Words}; labels are whole numbers [{inputs.Rows}], one for each of the inputs {inputs.Header.Words}");
            }

            if (answers.Rows > RowTarget<byte>.MostSamples)
            {
                throw answers.Wrong($"it has {DataFile.Number(answers.Rows)} labels; at most {DataFile.Number(RowTarget<byte>.MostSamples)} are read");
            }

            labels = answers.Integers();
        }

        public NpyArray Inputs { get; }

        public SampleAxes Axes { get; }

        /// <summary>Values to predict of a sample; 0 where there are labels.</summary>
        public int Values { get; }

        public int Count => Inputs.Rows;

        public long LargestLabel => labels.Length == 0 ? 0 : labels.Max();

        public Answer Of(int row, int group) =>
            Values > 0 ? new Answer(values.AsSpan(row * Values, Values)) { Group = group } : new Answer((int)labels[row]) { Group = group };

        /// <summary>Reads values; labels are known already.</summary>
        public void ReadValues()
        {
            if (Values > 0)
            {
                values = new float[answers.Rows * Values];
                answers.Read(SampleAxes.Of(answers, ChannelAxis.First), row => values.AsSpan(row * Values, Values));
            }
        }

        public void RequireBelow(int classes)
        {
            if (Array.FindIndex(labels, label => label < 0 || label >= classes) is >= 0 and var wrong)
            {
                throw answers.Wrong($"label number {wrong} (counted from 0) is {labels[wrong]}; labels are 0 to {classes - 1}");
            }
        }

        public DataException Wrong(Part other) => answers.Wrong($"it is {answers.Header.Words}; there {(other.Values == 1 ? "is 1 value" : $"are {other.Values} values")} to predict of a training sample");
    }
}
