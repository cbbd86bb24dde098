{{/* An image's reference: repository, tag and digest, those that there are. */}}
{{- define "chart.image" -}}
{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}
