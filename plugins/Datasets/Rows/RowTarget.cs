using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>What a row's class is, or what is to be predicted of it.</summary>
internal readonly ref struct Answer
{
    public Answer(int label) => Label = label;

    public Answer(ReadOnlySpan<float> values) => Values = values;

    public int Label { get; }

    public ReadOnlySpan<float> Values { get; }

    /// <summary>The sample's natural group, where it has one.</summary>
    public int Group { get; init; }
}

/// <summary>
/// Room for the rows of the training and the test part, filled front to back as rows are met.
/// </summary>
/// <typeparam name="T">Byte or float.</typeparam>
internal sealed class RowTarget<T>
{
    /// <summary>Elements of one part, at most.</summary>
    public const long MostElements = 1L << 30;

    /// <summary>Samples of one part, at most.</summary>
    public const int MostSamples = 1 << 27;

    private readonly int length;
    private readonly int values;
    private int trained;
    private int tested;

    /// <param name="shape">Counts, the length of a row, and how many values are predicted.</param>
    public RowTarget(DatasetShape shape)
    {
        (length, values, TrainCount, TestCount) = (shape.SampleLength, shape.Values, shape.TrainCount, shape.TestCount);
        (Train, Test) = (new T[TrainCount * length], new T[TestCount * length]);
        (TrainLabels, TestLabels) = values > 0 ? ([], []) : (new int[TrainCount], new int[TestCount]);
        TrainGroups = shape.GroupNames.Count > 0 ? new int[TrainCount] : [];
        (TrainValues, TestValues) = values > 0 ? (new float[TrainCount * values], new float[TestCount * values]) : (null, null);
    }

    public int TrainCount { get; }

    public int TestCount { get; }

    public T[] Train { get; }

    public T[] Test { get; }

    /// <summary>Empty where there are values.</summary>
    public int[] TrainLabels { get; }

    /// <summary>Empty where there are values.</summary>
    public int[] TestLabels { get; }

    /// <summary>Empty where there are no groups.</summary>
    public int[] TrainGroups { get; }

    /// <summary>Null where there are labels.</summary>
    public float[]? TrainValues { get; }

    /// <summary>Null where there are labels.</summary>
    public float[]? TestValues { get; }

    /// <summary>Whether nothing of a part is wanted any more.</summary>
    public bool IsPartFull(bool isTest) => isTest ? tested == TestCount : trained == TrainCount;

    /// <summary>Where the next row of a part goes.</summary>
    public Span<T> Next(bool isTest, Answer answer) => Row(isTest, Place(isTest, answer));

    /// <summary>The number of the next row of a part.</summary>
    public int Place(bool isTest, Answer answer)
    {
        var number = isTest ? tested++ : trained++;
        if (!isTest && TrainGroups.Length > 0)
        {
            TrainGroups[number] = answer.Group;
        }

        if (values > 0)
        {
            answer.Values.CopyTo((isTest ? TestValues : TrainValues).AsSpan(number * values, values));
        }
        else
        {
            (isTest ? TestLabels : TrainLabels)[number] = answer.Label;
        }

        return number;
    }

    /// <summary>A row of a part; from any thread.</summary>
    public Span<T> Row(bool isTest, int number) => (isTest ? Test : Train).AsSpan(number * length, length);

    /// <summary>Refuses what would not fit into memory, before any is taken.</summary>
    public static void Check(string where, int trainCount, int testCount, IReadOnlyList<int> input)
    {
        var length = input.Aggregate(Int128.One, (product, size) => product * size);
        var most = length * Math.Max(trainCount, testCount);
        if (most > MostElements)
        {
            throw new DataException(
                $"{where}: {DataFile.Number(Math.Max(trainCount, testCount))} samples of {string.Join('x', input)} are {DataFile.Number(most)} elements; "
                + $"at most {DataFile.Number(MostElements)} are read (use fewer with trainLimit and testLimit)");
        }
    }
}
