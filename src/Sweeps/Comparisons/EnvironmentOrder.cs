using System.Globalization;

namespace Orchestrator.Sweeps;

/// <summary>Numbers by value, texts by letter; so 2 comes before 10.</summary>
internal sealed class EnvironmentOrder : IComparer<IReadOnlyList<string>>
{
    public static EnvironmentOrder Instance { get; } = new();

    public static IComparer<string> Texts { get; } = Comparer<string>.Create(Compare);

    public int Compare(IReadOnlyList<string>? x, IReadOnlyList<string>? y) => x!.Zip(y!).Select(pair => Compare(pair.First, pair.Second)).FirstOrDefault(order => order != 0);

    private static int Compare(string x, string y) =>
        double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
            : string.CompareOrdinal(x, y);
}
