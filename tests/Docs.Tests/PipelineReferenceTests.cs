namespace Orchestrator.Docs.Tests;

public sealed class PipelineReferenceTests
{
    [Fact]
    public void PipelineReference_IsWhatTheProgramReads() => GeneratedText.Check("ref-pipeline.md", "keys", OptionTables.Of(DocumentType.Root));

    [Fact]
    public void SweepReference_IsWhatTheProgramReads() =>
        GeneratedText.Check("ref-pipeline.md", "sweep", OptionTables.Of(DocumentType.Sweep, DocumentType.SweepKey));

    [Fact]
    public void KeysHandledBeforeTheOthers_AreExplained()
    {
        var page = File.ReadAllText(Repository.File("docs", "ref-pipeline.md"));
        Assert.All(
            [DocumentType.SchemaKey, DocumentType.ExtendsKey, DocumentType.TelemetryKey, DocumentType.SweepKey], key => Assert.Contains($"| `{key}` |", page));
    }
}
