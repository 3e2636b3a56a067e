namespace SafeTools;

/// <summary>The JSON types an argument may have. Nothing is converted: <c>"5"</c> is not an integer.</summary>
public enum ParameterType
{
    String,
    Integer,
    Number,
    Boolean,
}
