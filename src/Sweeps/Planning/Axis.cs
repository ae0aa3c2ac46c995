using System.Globalization;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>One dimension of a sweep.</summary>
/// <param name="Name">As the pipeline has it: a path, paths with commas between them, or a name of
/// its own.</param>
/// <param name="Values">In the order of the pipeline; empty where a range is drawn from.</param>
/// <param name="Range">What a random search draws from; null where there are values.</param>
/// <param name="HasVariants">Whether its values are variants: sets of values with names of their
/// own.</param>
public sealed record Axis(string Name, IReadOnlyList<AxisValue> Values, AxisRange? Range = null, bool HasVariants = false);

/// <summary>One value of an axis.</summary>
/// <param name="Text">As tables and labels say it.</param>
/// <param name="Overrides">What it changes in the pipeline.</param>
/// <param name="Json">Canonical JSON of what stands in the pipeline, or the variant's name as JSON;
/// what tells values apart.</param>
public sealed record AxisValue(string Text, IReadOnlyList<Override> Overrides, string Json)
{
    /// <summary>
    /// Whether a text written elsewhere means this value: it is the value's, or the same number.
    /// </summary>
    public bool IsMeantBy(string text) => Text == text || Json == text || (Number(Text) is { } number && Number(text) is { } other && number == other);

    /// <summary>A finite number with a decimal point; null for any other text.</summary>
    internal static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}

/// <summary>A range of numbers.</summary>
/// <param name="Path">Where a number goes.</param>
/// <param name="From">Smallest.</param>
/// <param name="To">Largest.</param>
/// <param name="Scale">How it is drawn from.</param>
public sealed record AxisRange(string Path, double From, double To, AxisScale Scale);
