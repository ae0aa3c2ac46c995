using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Sweeps;

/// <summary>
/// What a claimant process tells the one that started it: one line of JSON each, on its standard
/// output.
/// </summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Key">The run's key.</param>
/// <param name="Run">The run, for people.</param>
/// <param name="Claim">The claim's number.</param>
/// <param name="GoesOn">Whether the run goes on where another attempt ended.</param>
/// <param name="End">How the run ended.</param>
/// <param name="Share">How much of the run is done, 0 to 1.</param>
/// <param name="Text">A sentence.</param>
public sealed record ClaimantMessage(
    MessageKind Kind, string? Key = null, string? Run = null, int Claim = 0, bool GoesOn = false, RunEnd? End = null, double Share = 0, string? Text = null)
{
    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MessageJson.Default.ClaimantMessage);

    /// <summary>A line; null where it is none of these, such as what a plugin prints.</summary>
    public static ClaimantMessage? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize(line, MessageJson.Default.ClaimantMessage) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a claimant tells.</summary>
public enum MessageKind
{
    /// <summary>A run begins.</summary>
    Began,

    /// <summary>A run goes on.</summary>
    Progress,

    /// <summary>A run has ended.</summary>
    Ended,

    /// <summary>Something worth knowing.</summary>
    Note,

    /// <summary>Something that is wrong.</summary>
    Warning,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ClaimantMessage))]
internal sealed partial class MessageJson : JsonSerializerContext;
