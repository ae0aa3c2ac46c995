using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Datasets;

/// <summary>
/// Which rows of a table are training and which are test samples, in the order of the rows.
/// </summary>
internal sealed class RowSplit
{
    private readonly bool[] isTest;

    private RowSplit(int trainCount, int testCount, bool[] isTest) => (TrainCount, TestCount, this.isTest) = (trainCount, testCount, isTest);

    /// <summary>Training rows in use: the first so many.</summary>
    public int TrainCount { get; }

    /// <summary>Test rows in use: the first so many.</summary>
    public int TestCount { get; }

    /// <summary>A share of the rows, drawn without replacement, is the test part.</summary>
    /// <param name="where">The file, for messages.</param>
    /// <param name="count">Rows.</param>
    /// <param name="share">Between 0 and 1; at least one row goes to each part.</param>
    /// <param name="seed">Other seeds draw other rows.</param>
    /// <param name="trainLimit">Training rows to use at most.</param>
    /// <param name="testLimit">Test rows to use at most.</param>
    /// <exception cref="DataException">There is one row.</exception>
    public static RowSplit Drawn(string where, int count, double share, long seed, int? trainLimit, int? testLimit)
    {
        if (count < 2)
        {
            throw new DataException($"{where}: it has one sample; a training and a test part need two");
        }

        var test = Math.Clamp((int)Math.Round(share * count), 1, count - 1);
        var order = new Permutation(count, new RandomStreams(seed).Open("test-rows"), stackalloc int[Permutation.LargestShuffled]);
        var isTest = new bool[count];
        for (var i = 0; i < test; i++)
        {
            isTest[order[i]] = true;
        }

        return new RowSplit(Math.Min(count - test, trainLimit ?? count), Math.Min(test, testLimit ?? count), isTest);
    }

    public bool IsTest(int row) => isTest[row];
}
