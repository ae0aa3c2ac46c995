using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

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
    private readonly int[] trainLabels;
    private readonly int[] testLabels;
    private int trained;
    private int tested;

    /// <param name="trainCount">Rows of the training part.</param>
    /// <param name="testCount">Rows of the test part.</param>
    /// <param name="length">Elements of a row.</param>
    public RowTarget(int trainCount, int testCount, int length)
    {
        this.length = length;
        (trainLabels, testLabels) = (new int[trainCount], new int[testCount]);
        (Train, Test) = (new T[trainCount * length], new T[testCount * length]);
    }

    public T[] Train { get; }

    public T[] Test { get; }

    public int[] TrainLabels => trainLabels;

    public int[] TestLabels => testLabels;

    /// <summary>Whether nothing of a part is wanted any more.</summary>
    public bool IsPartFull(bool isTest) => isTest ? tested == testLabels.Length : trained == trainLabels.Length;

    /// <summary>Where the next row of a part goes, which has a label.</summary>
    public Span<T> Next(bool isTest, int label) => Row(isTest, Place(isTest, label));

    /// <summary>The number of the next row of a part, which has a label.</summary>
    public int Place(bool isTest, int label)
    {
        if (isTest)
        {
            testLabels[tested] = label;
            return tested++;
        }

        trainLabels[trained] = label;
        return trained++;
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
