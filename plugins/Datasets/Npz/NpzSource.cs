using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>The arrays that the options name, found to fit together; their labels are read, their inputs are not.</summary>
internal sealed class NpzSource : IDisposable
{
    private readonly NpzFile file;
    private readonly NpzFile? testFile;
    private readonly Part train;
    private readonly Part? test;
    private readonly RowSplit? drawn;

    public NpzSource(NpzOptions options, DataFolders folders)
    {
        CheckOptions(options);
        file = NpzFile.Open(NamedFile.Find(options.File, folders));
        try
        {
            testFile = options.TestFile is { } name ? NpzFile.Open(NamedFile.Find(name, folders)) : null;
            train = new Part(file.Array(options.Inputs, "inputs"), file.Array(options.Labels, "labels"), options.Channels);
            if (options.TestShare is { } share)
            {
                drawn = RowSplit.Drawn(train.Inputs.Where, train.Count, share, options.SplitSeed, options.TrainLimit, options.TestLimit);
            }
            else
            {
                test = new Part(
                    (testFile ?? file).Array(options.TestInputs ?? (testFile is null ? "x_test" : options.Inputs), "testInputs"),
                    (testFile ?? file).Array(options.TestLabels ?? (testFile is null ? "y_test" : options.Labels), "testLabels"),
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
        var target = new RowTarget<T>(Shape.TrainCount, Shape.TestCount, Shape.SampleLength);
        Fill(train, row => drawn?.IsTest(row) ?? false);
        if (test is not null)
        {
            Fill(test, _ => true);
        }

        return target;

        void Fill(Part part, Func<int, bool> isTest) =>
            read(part.Inputs, part.Axes, row => target.IsPartFull(isTest(row)) ? default : target.Next(isTest(row), (int)part.Labels[row]));
    }

    public void Dispose()
    {
        file.Dispose();
        testFile?.Dispose();
    }

    private static void CheckOptions(NpzOptions options)
    {
        LabelNames.Check(options.ClassNames);
        if (options.TestShare is not null && (options.TestFile ?? options.TestInputs ?? options.TestLabels) is not null)
        {
            throw new OptionException("testShare", "draws the test part from the training arrays, and testFile, testInputs or testLabels name another; give one of the two");
        }
    }

    private static void RequireSame(Part train, Part test)
    {
        if (!train.Axes.Input.SequenceEqual(test.Axes.Input) || train.Inputs.Header.Type.IsByte != test.Inputs.Header.Type.IsByte)
        {
            throw test.Inputs.Wrong($"it is {test.Inputs.Header.Words}; the training inputs are {train.Inputs.Header.Words}");
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
        return new DatasetShape(train.Axes.Input, LabelNames.Of(options.ClassNames, classes), trainCount, testCount)
        {
            Bytes = ((long)trainCount + testCount) * ((train.Axes.Length * (IsByte ? sizeof(byte) : sizeof(float))) + sizeof(int)),
        };
    }

    private sealed class Part
    {
        private readonly NpyArray labels;

        public Part(NpyArray inputs, NpyArray labels, ChannelAxis channels)
        {
            (Inputs, this.labels, Axes) = (inputs, labels, SampleAxes.Of(inputs, channels));
            if (!labels.Header.Type.IsWhole || labels.Header.Count != labels.Rows || labels.Rows != inputs.Rows)
            {
                throw labels.Wrong($"it is {labels.Header.Words}; labels are whole numbers [{inputs.Rows}], one for each of the inputs {inputs.Header.Words}");
            }

            if (labels.Rows > RowTarget<byte>.MostSamples)
            {
                throw labels.Wrong($"it has {DataFile.Number(labels.Rows)} labels; at most {DataFile.Number(RowTarget<byte>.MostSamples)} are read");
            }

            Labels = labels.Integers();
        }

        public NpyArray Inputs { get; }

        public SampleAxes Axes { get; }

        public long[] Labels { get; }

        public int Count => Labels.Length;

        public long LargestLabel => Labels.Max();

        public void RequireBelow(int classes)
        {
            if (Array.FindIndex(Labels, label => label < 0 || label >= classes) is >= 0 and var wrong)
            {
                throw labels.Wrong($"label number {wrong} (counted from 0) is {Labels[wrong]}; labels are 0 to {classes - 1}");
            }
        }
    }
}
