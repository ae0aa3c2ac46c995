namespace Orchestrator.Docs.Tests;

public sealed class PipelineReferenceTests
{
    [Fact]
    public void PipelineReference_IsWhatTheProgramReads() => GeneratedText.Check("ref-pipeline.md", "keys", OptionTables.Of(DocumentType.Root));

    [Fact]
    public void KeysHandledBeforeTheOthers_AreExplained()
    {
        var page = File.ReadAllText(Repository.File("docs", "ref-pipeline.md"));
        Assert.All([DocumentType.SchemaKey, DocumentType.ExtendsKey, DocumentType.TelemetryKey, DocumentType.SweepKey], key => Assert.Contains($"| `{key}` |", page));
    }
}
