using System.Text.Json;

namespace Orchestrator.Reports;

/// <summary>Compares the data of two pages, number for number.</summary>
public static class PageComparison
{
    /// <summary>The first difference, as <c>evaluations.testLoss[3]</c> with both values; null
    /// where there is none. What names the run is left aside.</summary>
    /// <param name="page">As <see cref="RunOfPage.Data"/>.</param>
    /// <param name="again">Of the run that was made again.</param>
    /// <param name="numbers">How many numbers were equal.</param>
    public static (string Place, string Before, string Now)? Difference(string page, string again, out long numbers)
    {
        using var before = JsonDocument.Parse(page);
        using var now = JsonDocument.Parse(again);
        numbers = 0;
        return Compare("", before.RootElement, now.RootElement, ref numbers);
    }

    private static (string Place, string Before, string Now)? Compare(string place, JsonElement before, JsonElement now, ref long numbers)
    {
        if (before.ValueKind == JsonValueKind.Object && now.ValueKind == JsonValueKind.Object)
        {
            var names = before.EnumerateObject().Concat(now.EnumerateObject()).Select(member => member.Name).Distinct().Where(name => place.Length > 0 || name != RunOfPage.Key);
            foreach (var name in names)
            {
                var inner = place.Length == 0 ? name : $"{place}.{name}";
                if (!before.TryGetProperty(name, out var left) || !now.TryGetProperty(name, out var right))
                {
                    return (inner, Has(before, name), Has(now, name));
                }

                if (Compare(inner, left, right, ref numbers) is { } difference)
                {
                    return difference;
                }
            }

            return null;
        }

        if (before.ValueKind == JsonValueKind.Array && now.ValueKind == JsonValueKind.Array)
        {
            if (before.GetArrayLength() != now.GetArrayLength())
            {
                return (place, $"{before.GetArrayLength()} values", $"{now.GetArrayLength()} values");
            }

            for (var i = 0; i < before.GetArrayLength(); i++)
            {
                if (Compare($"{place}[{i}]", before[i], now[i], ref numbers) is { } difference)
                {
                    return difference;
                }
            }

            return null;
        }

        numbers += before.ValueKind == JsonValueKind.Number ? 1 : 0;
        return before.GetRawText() == now.GetRawText() ? null : (place, before.GetRawText(), now.GetRawText());
    }

    private static string Has(JsonElement value, string name) => value.TryGetProperty(name, out _) ? "is there" : "is missing";
}
