# A build pushes images and signatures below the registry's prefix, and overwrites none: tags are immutable.

resource "aws_iam_role_policy" "push" {
  count = contains(keys(local.subjects), "push") ? 1 : 0

  name = "push"
  role = aws_iam_role.ci["push"].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Login"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = "*"
      },
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ]
        Resource = local.images_arn
      },
    ]
  })
}
