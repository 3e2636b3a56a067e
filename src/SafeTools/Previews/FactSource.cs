namespace SafeTools;

/// <summary>Where a fact comes from, most trustworthy first.</summary>
public enum FactSource
{
    /// <summary>The accepted policy.</summary>
    Configuration,

    /// <summary>The infrastructure itself, looked up by the server.</summary>
    Provider,

    /// <summary>Something that an agent could have written (a name, a label, a file's content).</summary>
    AgentWritable,
}
