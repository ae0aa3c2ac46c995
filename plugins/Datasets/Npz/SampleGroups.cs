using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Natural groups by their numbers, in the order of these.</summary>
internal sealed class SampleGroups
{
    private readonly long[] groups;
    private readonly Dictionary<long, int> places = [];

    private SampleGroups(NpyArray array)
    {
        groups = array.Integers();
        var numbers = groups.Distinct().Order().ToList();
        if (numbers.Count > LabelSet.MostGroups)
        {
            throw array.Wrong($"it has {DataFile.Number(numbers.Count)} different groups; at most {DataFile.Number(LabelSet.MostGroups)} are read");
        }

        foreach (var number in numbers)
        {
            places.Add(number, places.Count);
        }

        Names = [.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    public IReadOnlyList<string> Names { get; }

    public int this[int row] => places[groups[row]];

    /// <exception cref="DataException">They are not one for each of the inputs.</exception>
    public static SampleGroups Of(NpyArray array, NpyArray inputs) =>
        array.Header.Type.IsWhole && array.Header.Count == array.Rows && array.Rows == inputs.Rows && array.Rows <= RowTarget<byte>.MostSamples
            ? new SampleGroups(array)
            : throw array.Wrong($"it is {array.Header.Words}; groups are whole numbers [{inputs.Rows}], one for each of the inputs {inputs.Header.Words}");
}
