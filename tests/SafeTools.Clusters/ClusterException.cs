namespace SafeTools.Clusters;

/// <summary>A cluster could not be made, started or asked. The message is for the person who runs the tests.</summary>
public sealed class ClusterException(string message, Exception? inner = null) : Exception(message, inner);
